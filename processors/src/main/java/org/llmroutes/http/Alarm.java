package org.llmroutes.http;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;

/**
 * Interrupts the thread that sets it once its time is up, and nothing that this thread does after
 * it was closed.
 */
public final class Alarm implements AutoCloseable {
  private final Thread thread = Thread.currentThread();
  private ScheduledFuture<?> bell;
  private boolean rang;
  private boolean closed;

  /** Rings after this time. */
  public Alarm(Duration in) {
    set(in);
  }

  /** From here on it rings in this time instead, unless it rang. */
  synchronized void set(Duration in) {
    if (bell != null) {
      bell.cancel(false);
    }
    bell = Clock.in(in, this::ring);
  }

  private synchronized void ring() {
    if (!closed && !rang) {
      rang = true;
      thread.interrupt();
    }
  }

  /** Whether it interrupted its thread. */
  public synchronized boolean rang() {
    return rang;
  }

  @Override
  public synchronized void close() {
    closed = true;
    bell.cancel(false);
    if (rang) {
      Thread.interrupted();
    }
  }
}
