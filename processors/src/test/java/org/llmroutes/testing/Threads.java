package org.llmroutes.testing;

/** Threads for tasks that block: the common pool may have a single one. */
public final class Threads {
  private Threads() {}

  /** Runs a task in a thread of its own, as {@link java.util.concurrent.Executor#execute}. */
  public static void start(Runnable task) {
    Thread thread = new Thread(task, "test-peer");
    thread.setDaemon(true);
    thread.start();
  }
}
