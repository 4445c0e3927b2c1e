package org.llmroutes.http;

import java.time.Duration;

/**
 * The moment until which an answer is wanted; whoever waits for something waits no longer than
 * that.
 */
public final class Deadline {
  private static final Deadline NEVER = new Deadline(Long.MAX_VALUE);

  private final long nanos;

  private Deadline(long nanos) {
    this.nanos = nanos;
  }

  public static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** For work that nobody waits for, such as ingestion. */
  public static Deadline never() {
    return NEVER;
  }

  /** What is left, at most {@code limit}; zero once it has passed. */
  public Duration within(Duration limit) {
    if (this == NEVER) {
      return limit;
    }
    long left = Math.max(0, nanos - System.nanoTime());
    return left < limit.toNanos() ? Duration.ofNanos(left) : limit;
  }

  public boolean passed() {
    return this != NEVER && nanos - System.nanoTime() <= 0;
  }
}
