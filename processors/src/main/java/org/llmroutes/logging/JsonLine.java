package org.llmroutes.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;

/**
 * An event as one JSON object in one line, for collectors such as Alloy: {@code timestamp} (RFC
 * 3339, UTC), {@code level}, {@code logger}, {@code message}, {@code thread}, then the event's own
 * fields and those of its context, such as {@code request_id} and {@code trace_id}, and {@code
 * stack_trace}. ASCII, and shorter than what Loki takes.
 */
final class JsonLine {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static final Set<String> OWN =
      Set.of("timestamp", "level", "logger", "message", "thread", "stack_trace");
  private static final int MESSAGE = 8192;
  private static final int VALUE = 2048;
  private static final int ENTRIES = 32;

  private JsonLine() {}

  static String of(ILoggingEvent event) {
    StringWriter line = new StringWriter(256);
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      Instant time = Instant.ofEpochMilli(event.getTimeStamp());
      json.writeStringField("timestamp", time.truncatedTo(ChronoUnit.MILLIS).toString());
      json.writeStringField("level", event.getLevel().toString());
      json.writeStringField("logger", event.getLoggerName());
      json.writeStringField("message", OneLine.shortened(Fields.message(event), MESSAGE));
      json.writeStringField("thread", event.getThreadName());
      fields(json, Fields.of(event));
      if (event.getThrowableProxy() != null) {
        json.writeStringField("stack_trace", Trace.of(event.getThrowableProxy()));
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.append('\n').toString();
  }

  private static void fields(JsonGenerator json, Map<String, Object> fields) throws IOException {
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      if (!OWN.contains(field.getKey())) {
        json.writeFieldName(OneLine.shortened(field.getKey(), VALUE));
        value(json, field.getValue());
      }
    }
  }

  /** Numbers as such, and a map of them as an object; all else as text. */
  private static void value(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Integer || value instanceof Long) {
      json.writeNumber(((Number) value).longValue());
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof Map<?, ?> map
        && map.size() <= ENTRIES
        && map.values().stream().allMatch(Number.class::isInstance)) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName(OneLine.shortened(String.valueOf(entry.getKey()), VALUE));
        value(json, entry.getValue());
      }
      json.writeEndObject();
    } else {
      json.writeString(OneLine.shortened(Fields.text(value), VALUE));
    }
  }
}
