package org.llmroutes.gateway;

import java.time.Duration;

/**
 * Whether whoever is at the other end of a connection is still there. It is asked again and again;
 * one that reads nothing cannot be asked, and has longer. Times are those of a clock of
 * nanoseconds.
 */
final class Heartbeat {
  private static final long ASKED_EVERY = Duration.ofSeconds(15).toNanos();
  private static final int UNANSWERED = 2;
  private static final long STALLED = Duration.ofMinutes(2).toNanos();

  private long asked;
  private long room;
  private int unanswered;

  Heartbeat(long now) {
    asked = now;
    room = now;
  }

  /** Something came from there. */
  void heard() {
    unanswered = 0;
  }

  /** It reads what is written to it. */
  void hasRoom(long now) {
    room = now;
  }

  /** Whether it has to be asked now; to be called only while it reads. */
  boolean isDue(long now) {
    room = now;
    if (now - asked < ASKED_EVERY) {
      return false;
    }
    asked = now;
    unanswered++;
    return true;
  }

  boolean isDead(long now) {
    return unanswered > UNANSWERED || now - room > STALLED;
  }
}
