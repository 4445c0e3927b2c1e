package org.llmroutes.gateway;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that bodies of requests may take at once. Safe for concurrent use. */
final class Room {
  private final AtomicLong free;
  private final Room whole;

  Room(long bytes) {
    this(bytes, null);
  }

  private Room(long bytes, Room whole) {
    free = new AtomicLong(bytes);
    this.whole = whole;
  }

  /** No more than that much of it, so that the rest is left to others. */
  Room part(long bytes) {
    return new Room(bytes, this);
  }

  /** Whether there was that much left; it is taken then. */
  boolean take(int bytes) {
    if (free.addAndGet(-bytes) >= 0 && (whole == null || whole.take(bytes))) {
      return true;
    }
    free.addAndGet(bytes);
    return false;
  }

  void giveBack(int bytes) {
    free.addAndGet(bytes);
    if (whole != null) {
      whole.giveBack(bytes);
    }
  }
}
