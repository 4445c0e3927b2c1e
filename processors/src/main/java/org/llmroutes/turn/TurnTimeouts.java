package org.llmroutes.turn;

import java.time.Duration;

/**
 * How long a turn may take.
 *
 * @param usual where the request does not say
 * @param most whatever it says
 */
public record TurnTimeouts(Duration usual, Duration most) {

  /**
   * @param wanted {@code timeout_ms} of a request, which may be larger than any duration, or null
   */
  Duration of(Object wanted) {
    if (wanted instanceof Number millis) {
      return millis.doubleValue() < most.toMillis() ? Duration.ofMillis(millis.longValue()) : most;
    }
    return usual;
  }
}
