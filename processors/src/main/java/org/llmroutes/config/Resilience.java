package org.llmroutes.config;

import java.time.Duration;

/**
 * How calls to one service are protected, and the service from them.
 *
 * @param attempts calls at most, the first included; only what can succeed is tried again. {@link
 *     #AS_LONG_AS_TIME_LASTS} for what cannot be done without
 * @param maxConcurrent calls at the same time; further ones wait for their turn
 * @param breakerCalls so many last calls are judged
 * @param breakerFailurePercent of them that must have failed for the service to be left alone
 * @param breakerOpen how long it is left alone before a few calls try it again
 */
public record Resilience(
    int attempts,
    int maxConcurrent,
    int breakerCalls,
    int breakerFailurePercent,
    Duration breakerOpen) {
  public static final int AS_LONG_AS_TIME_LASTS = Integer.MAX_VALUE;

  /** One attempt and no breaker, for work that one caller does by itself. */
  public static Resilience none() {
    return attempts(1);
  }

  /** So many attempts, and a breaker that a short run of failures does not trip. */
  public static Resilience attempts(int attempts) {
    return new Resilience(attempts, Integer.MAX_VALUE, 10_000, 100, Duration.ofSeconds(1));
  }

  /** Nothing but the time of the caller ends the attempts. */
  public boolean isPatient() {
    return attempts == AS_LONG_AS_TIME_LASTS;
  }
}
