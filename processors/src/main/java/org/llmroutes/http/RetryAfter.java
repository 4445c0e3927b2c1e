package org.llmroutes.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Function;

/**
 * How long a service wants to be left alone: seconds or a date.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">RFC 9110, Retry-After</a>
 */
final class RetryAfter {
  private RetryAfter() {}

  /**
   * Zero where the answer does not say it, or not in a way that can be read.
   *
   * @param headers the first one of a name
   */
  static Duration of(Function<String, Optional<String>> headers) {
    String value = headers.apply("retry-after").orElse("").strip();
    if (value.matches("\\d{1,9}(\\.\\d{0,9})?")) {
      // some send fractions
      return Duration.ofMillis((long) Math.ceil(Double.parseDouble(value) * 1000));
    }
    // of the same clock, which may be wrong
    Instant now = headers.apply("date").flatMap(RetryAfter::date).orElseGet(Instant::now);
    return date(value)
        .map(then -> Duration.between(now, then))
        .filter(wait -> !wait.isNegative())
        .orElse(Duration.ZERO);
  }

  private static Optional<Instant> date(String value) {
    try {
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
