package org.llmroutes.config;

import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.camel.util.TimeUtils;

/**
 * Durations as configuration states them, with a unit: {@code 250ms}, {@code 30s}, {@code 1h30m}.
 */
public final class Durations {
  /** Camel's own parser takes far more, such as an empty text, for a duration. */
  private static final Pattern FORM = Pattern.compile("(\\d{1,9}(ms|s|m|h|d))+");

  private Durations() {}

  /**
   * @throws IllegalArgumentException whose message says what is expected and what was found
   */
  public static Duration parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("must be a duration such as 30s or 250ms, is " + text);
    }
    return Duration.ofMillis(TimeUtils.toMilliSeconds(text));
  }
}
