package org.llmroutes.http;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Does what is due, on one thread: nothing that takes long. */
public final class Clock {
  private static final ScheduledThreadPoolExecutor CLOCK =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "clock");
            thread.setDaemon(true);
            return thread;
          });

  static {
    CLOCK.setRemoveOnCancelPolicy(true);
    // while something is due soon, whoever sets a time need not wake the clock
    CLOCK.scheduleWithFixedDelay(() -> {}, 100, 100, TimeUnit.MILLISECONDS);
  }

  private Clock() {}

  /** Has something done in this time. */
  public static ScheduledFuture<?> in(Duration time, Runnable what) {
    return CLOCK.schedule(what, time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
