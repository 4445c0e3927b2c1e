package org.llmroutes.http;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** A thread for every task, of those that have no task any more or a new one. */
public final class PerTaskThreads {
  private PerTaskThreads() {}

  public static Executor executor() {
    return Executors.newCachedThreadPool(
        task -> {
          Thread thread = new Thread(task, "http");
          thread.setDaemon(true);
          return thread;
        });
  }
}
