package org.llmroutes.turn;

import java.time.Duration;

/** How long a turn may take. No record: the registry asks for its hash in the first turn. */
public final class TurnTimeouts {
  private final Duration usual;
  private final Duration most;

  /**
   * @param usual where the request does not say
   * @param most whatever it says
   */
  public TurnTimeouts(Duration usual, Duration most) {
    this.usual = usual;
    this.most = most;
  }

  /** Where a request does not say. */
  public Duration usual() {
    return usual;
  }

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
