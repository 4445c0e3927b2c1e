package org.llmroutes.turn;

import java.util.concurrent.Callable;

/**
 * Lets another thread interrupt one piece of work, and nothing that the same thread does before or
 * after it.
 */
final class Interruption {
  private Thread worker;

  /** Runs the work; an interrupt that arrives too late for it is gone when this returns. */
  <T> T during(Callable<T> work) throws Exception {
    synchronized (this) {
      worker = Thread.currentThread();
    }
    try {
      return work.call();
    } finally {
      synchronized (this) {
        worker = null;
        Thread.interrupted();
      }
    }
  }

  /** Interrupts the work, where some is being done. */
  synchronized void now() {
    if (worker != null) {
      worker.interrupt();
    }
  }
}
