package org.llmroutes.http;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts the thread that sets it once its time is up, and nothing that this thread does after
 * it was closed.
 */
public final class Alarm implements AutoCloseable {
  /** For all that this package does in time. */
  static final ScheduledThreadPoolExecutor CLOCK =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "http-clock");
            thread.setDaemon(true);
            return thread;
          });

  static {
    CLOCK.setRemoveOnCancelPolicy(true);
    // while something is due soon, whoever sets an alarm need not wake the clock
    CLOCK.scheduleWithFixedDelay(() -> {}, 100, 100, TimeUnit.MILLISECONDS);
  }

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
    bell = CLOCK.schedule(this::ring, in.toNanos(), TimeUnit.NANOSECONDS);
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
