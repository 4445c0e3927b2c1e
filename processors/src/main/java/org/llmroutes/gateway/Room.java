package org.llmroutes.gateway;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that bodies of requests may take at once. Safe for concurrent use. */
final class Room {
  private final AtomicLong free;

  Room(long bytes) {
    free = new AtomicLong(bytes);
  }

  /** Whether there was that much left; it is taken then. */
  boolean take(int bytes) {
    if (free.addAndGet(-bytes) >= 0) {
      return true;
    }
    free.addAndGet(bytes);
    return false;
  }

  void giveBack(int bytes) {
    free.addAndGet(bytes);
  }
}
