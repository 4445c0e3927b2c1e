package org.llmroutes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What others send under the names of a trace, by the cases of W3C Trace Context. */
class TraceContextTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-" + TRACE + "-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-00",
        "00-" + TRACE + "-" + SPAN + "-ff",
        "cc-" + TRACE + "-" + SPAN + "-01",
        "cc-" + TRACE + "-" + SPAN + "-01-what-the-future-brings"
      })
  void traceparentsAreTaken(String value) {
    assertThat(TraceContext.isValid("traceparent", value)).isTrue();
    assertThat(TraceContext.isValid("TraceParent", value)).isTrue();
  }

  @ParameterizedTest
  @MethodSource
  void othersAreNone(String value) {
    assertThat(TraceContext.isValid("traceparent", value)).isFalse();
  }

  static Stream<String> othersAreNone() {
    String good = "00-" + TRACE + "-" + SPAN + "-01";
    return Stream.of(
        "",
        "x",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-" + "0".repeat(32) + "-" + SPAN + "-01",
        "00-" + TRACE + "-" + "0".repeat(16) + "-01",
        "00-" + TRACE.toUpperCase(java.util.Locale.ROOT) + "-" + SPAN + "-01",
        good.toUpperCase(java.util.Locale.ROOT),
        "00-" + TRACE + "-" + SPAN + "-1",
        "00-" + TRACE + "-" + SPAN,
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "cc-" + TRACE + "-" + SPAN + "-01.more",
        "0-" + TRACE + "-" + SPAN + "-01",
        "00-" + TRACE + SPAN + "-01",
        " " + good,
        good + " ",
        good + "," + good,
        good + "\r\nCamelHttpUri: http://127.0.0.1",
        "00-" + "ü".repeat(32) + "-" + SPAN + "-01",
        "cc-" + TRACE + "-" + SPAN + "-01-" + "x".repeat(10_000),
        "a".repeat(10_000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "congo=t61rcWkgMzE",
        "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
        "rojo=1 , congo=2",
        "rojo=1,,congo=2",
        "fw529a3039@dt=FfffFF",
        "a-_*/b=x"
      })
  void tracestatesAreTaken(String value) {
    assertThat(TraceContext.isValid("tracestate", value)).isTrue();
  }

  @ParameterizedTest
  @MethodSource
  void otherStatesAreNone(String value) {
    assertThat(TraceContext.isValid("tracestate", value)).isFalse();
  }

  static Stream<String> otherStatesAreNone() {
    return Stream.of(
        "",
        ",",
        "congo",
        "=x",
        "congo=",
        "congo=1=2",
        "Congo=1",
        "congo=ü",
        "congo=1,congo=2",
        "congo=1\r\nx: y",
        "congo=" + "x".repeat(10_000),
        "k".repeat(300) + "=x",
        IntStream.range(0, 33).mapToObj(i -> "k" + i + "=1").collect(Collectors.joining(",")));
  }
}
