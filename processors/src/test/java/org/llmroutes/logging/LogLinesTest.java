package org.llmroutes.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.KeyValuePair;

/** Whatever is logged, a line stays one line. */
class LogLinesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Logger LOGGER = new LoggerContext().getLogger("org.llmroutes.Some");

  private static LoggingEvent event(String message, Throwable failure, Object... fields) {
    LoggingEvent event = new LoggingEvent("", LOGGER, Level.WARN, message, failure, null);
    event.setMDCPropertyMap(Map.of("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"));
    event.setTimeStamp(Instant.parse("2026-11-26T21:40:00.125Z").toEpochMilli());
    for (int i = 0; i < fields.length; i += 2) {
      event.addKeyValuePair(new KeyValuePair((String) fields[i], fields[i + 1]));
    }
    return event;
  }

  private static String line(String format, LoggingEvent event) {
    LogLines lines = new LogLines();
    lines.setFormat(format);
    String text = new String(lines.encode(event), StandardCharsets.UTF_8);
    assertThat(text).endsWith("\n");
    return text.substring(0, text.length() - 1);
  }

  private static JsonNode json(LoggingEvent event) throws Exception {
    String line = line("json", event);
    assertThat(line).doesNotContain("\n", "\r").matches("\\p{ASCII}*");
    return JSON.readTree(line);
  }

  @Test
  void hasFieldsThatCollectorsKnow() throws Exception {
    JsonNode json =
        json(
            event(
                "turn", null, "request_id", "r1", "timings_ms", Map.of("llm", 12L), "attempt", 2));

    assertThat(json.path("timestamp").asText()).isEqualTo("2026-11-26T21:40:00.125Z");
    assertThat(json.path("level").asText()).isEqualTo("WARN");
    assertThat(json.path("logger").asText()).isEqualTo("org.llmroutes.Some");
    assertThat(json.path("message").asText()).isEqualTo("turn");
    assertThat(json.path("request_id").asText()).isEqualTo("r1");
    assertThat(json.path("trace_id").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(json.at("/timings_ms/llm").isIntegralNumber()).isTrue();
    assertThat(json.path("attempt").isIntegralNumber()).isTrue();
  }

  @Test
  void isReadByPeople() {
    assertThat(line("text", event("turn", null, "request_id", "r1")))
        .matches(
            "2026-11-2\\dT\\d\\d:\\d\\d:00\\.125(Z|[+-]\\d\\d:\\d\\d) WARN  Some turn"
                + " trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\" request_id=\"r1\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "two\nlines",
        "return\r2026-11-26T21:40:00.125Z ERROR Some forged",
        "\u001b[31mred\u001b[0m\u0007\u0000\u0008",
        "next\u0085line\u2028and\u2029paragraph",
        "quote\" level=\"ERROR",
        "right\u202eto left",
        "half \ud83d of a pair",
        "whole \ud83d\ude00 pair, ünd Ümlaute"
      })
  void hostileTextBreaksNoLine(String text) throws Exception {
    LoggingEvent event = event(text, new IllegalStateException(text), "field", text, text, "x");

    JsonNode json = json(event);
    assertThat(json.path("stack_trace").asText()).startsWith("java.lang.IllegalStateException: ");
    if (!text.contains("half")) {
      assertThat(json.path("message").asText()).isEqualTo(text);
      assertThat(json.path("field").asText()).isEqualTo(text);
    }
    String[] lines = line("text", event).split("[\n\r\u0085\u2028\u2029]");
    assertThat(lines[0]).startsWith("2026-11-2").doesNotContain("field=\"quote\" level");
    assertThat(lines[1]).startsWith("java.lang.IllegalStateException: ");
    assertThat(List.of(lines).subList(2, lines.length)).allMatch(line -> line.startsWith("\t"));
    assertThat(line("text", event)).doesNotContain("\u001b", "\u0007", "\u0000", "\u202e");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void isNoLongerThanACollectorTakes(String format) {
    String much = "a\n".repeat(500_000);
    Throwable failure = new IllegalStateException(much);
    for (int i = 0; i < 50; i++) {
      failure = new IllegalStateException(much, failure);
    }
    List<Object> fields = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      fields.add("field" + i);
      fields.add(much);
    }

    assertThat(line(format, event(much, failure, fields.toArray()))).hasSizeLessThan(256 * 1024);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void aValueThatCannotBeWrittenIsNamed(String format) {
    Object broken =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("no");
          }
        };

    assertThat(line(format, event("said", null, "field", broken, "none", null)))
        .contains("LogLinesTest", "none");
  }

  @Test
  void aFieldDoesNotTakeTheNameOfAnother() throws Exception {
    JsonNode json =
        json(event("said", null, "level", "DEBUG", "message", "other", "trace_id", "t"));

    assertThat(json.path("level").asText()).isEqualTo("WARN");
    assertThat(json.path("message").asText()).isEqualTo("said");
    assertThat(json.path("trace_id").asText()).isEqualTo("t");
  }

  @Test
  void whatIsPrintedBecomesAnEventALine() {
    List<String> events = new ArrayList<>();
    try (PrintStream out = OtherOutput.lines(events::add)) {
      out.print("first, ");
      out.println("whole");
      out.printf("%n%s%n", "zweite Zeile ü");
      out.print("last");
    }

    assertThat(events).containsExactly("first, whole", "zweite Zeile ü", "last");
  }

  @ParameterizedTest
  @ValueSource(strings = {"LOG_FORMAT=jsn", "LOG_FORMAT=JSON", "LOG_LEVEL=loud"})
  void aValueThatThereIsNotIsNamed(String setting) {
    String[] parts = setting.split("=");

    assertThat(LogFormat.mistakeIn(Map.of(parts[0], parts[1])).orElseThrow())
        .contains(parts[0], parts[1]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"LOG_FORMAT=json", "LOG_FORMAT=text", "LOG_FORMAT=", "LOG_LEVEL=debug"})
  void othersAreTaken(String setting) {
    String[] parts = setting.split("=", 2);

    assertThat(LogFormat.mistakeIn(Map.of(parts[0], parts[1]))).isEmpty();
  }
}
