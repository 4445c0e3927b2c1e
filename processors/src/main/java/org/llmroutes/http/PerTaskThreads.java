package org.llmroutes.http;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** A thread for every task: a virtual one from JDK 21 on, one of a pool before. */
public final class PerTaskThreads {
  private PerTaskThreads() {}

  public static Executor executor() {
    if (Runtime.version().feature() < 21) {
      return Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "http");
            thread.setDaemon(true);
            return thread;
          });
    }
    try {
      // the sources are compiled for Java 17
      return (Executor) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
