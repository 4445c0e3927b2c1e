package org.llmroutes.http;

import java.time.Duration;

/**
 * The moment until which an answer is wanted; whoever waits for something waits no longer than
 * that.
 */
public final class Deadline {
  private static final Duration FOREVER = Duration.ofDays(365);
  private static final Deadline NEVER = new Deadline(Long.MAX_VALUE, Long.MAX_VALUE);

  private final long end;
  private final long begin;

  private Deadline(long end, long begin) {
    this.end = end;
    this.begin = begin;
  }

  public static Deadline in(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    return new Deadline(end, end);
  }

  /** For work that nobody waits for; a service that is patiently asked is so without end. */
  public static Deadline never() {
    return NEVER;
  }

  /** An answer must begin within this time, and may then take as long as it likes. */
  public static Deadline toBegin(Duration within) {
    return new Deadline(Long.MAX_VALUE, System.nanoTime() + within.toNanos());
  }

  /** What is left, at most {@code limit}; zero once it has passed. */
  public Duration within(Duration limit) {
    return left(end, limit);
  }

  /** What is left for an answer to begin, which is all that is left unless it was made so. */
  public Duration leftToBegin() {
    return left(begin, FOREVER);
  }

  /** A part of what is left, for what can be done without. */
  public Deadline share(double part) {
    return this == NEVER ? NEVER : in(Duration.ofNanos((long) (within(FOREVER).toNanos() * part)));
  }

  /** Nobody waits for the answer. */
  boolean isEndless() {
    return end == Long.MAX_VALUE;
  }

  public boolean passed() {
    return within(FOREVER).isZero();
  }

  private static Duration left(long moment, Duration limit) {
    if (moment == Long.MAX_VALUE) {
      return limit;
    }
    long left = Math.max(0, moment - System.nanoTime());
    return left < limit.toNanos() ? Duration.ofNanos(left) : limit;
  }
}
