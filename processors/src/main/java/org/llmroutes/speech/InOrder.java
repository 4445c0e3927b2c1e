package org.llmroutes.speech;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * Runs tasks, a few at the same time, and hands on their results one after the other, in the order
 * in which the tasks came. A task that fails is left out; the second one in a row ends it. Safe for
 * concurrent use.
 */
final class InOrder<T> {
  private final Executor executor;
  private final int parallel;
  private final Consumer<T> onResult;
  private final Deque<FutureTask<T>> unfinished = new ArrayDeque<>();
  private final Deque<FutureTask<T>> waiting = new ArrayDeque<>();
  private int running;
  private boolean stopped;
  private boolean lastFailed;
  private Throwable failure;

  /**
   * @param parallel tasks at the same time
   * @param onResult called on the threads of the tasks, never by two at once
   */
  InOrder(Executor executor, int parallel, Consumer<T> onResult) {
    this.executor = executor;
    this.parallel = parallel;
    this.onResult = onResult;
  }

  /** Adds a task; nothing once it was stopped. */
  synchronized void add(Callable<T> work) {
    if (stopped) {
      return;
    }
    FutureTask<T> task =
        new FutureTask<>(work) {
          @Override
          protected void done() {
            finished();
          }
        };
    unfinished.add(task);
    waiting.add(task);
    startMore();
  }

  private void startMore() {
    while (!stopped && running < parallel && !waiting.isEmpty()) {
      running++;
      executor.execute(waiting.poll());
    }
  }

  private synchronized void finished() {
    running--;
    while (!stopped && !unfinished.isEmpty() && unfinished.peek().isDone()) {
      handOn(unfinished.poll());
    }
    startMore();
    notifyAll();
  }

  private void handOn(FutureTask<T> task) {
    try {
      onResult.accept(task.get());
      lastFailed = false;
    } catch (ExecutionException e) {
      fail(e.getCause(), lastFailed);
      lastFailed = true;
    } catch (InterruptedException e) {
      throw new IllegalStateException("The task is done", e);
    } catch (RuntimeException e) {
      fail(e, true);
    }
  }

  private void fail(Throwable cause, boolean last) {
    failure = failure == null ? cause : failure;
    if (last) {
      stop();
    }
  }

  /** Interrupts what runs and forgets what waits: no result is handed on any more. */
  synchronized void stop() {
    stopped = true;
    waiting.clear();
    unfinished.forEach(task -> task.cancel(true));
    unfinished.clear();
    notifyAll();
  }

  /**
   * Returns once every result was handed on.
   *
   * @throws ExecutionException with what the first task failed of that did
   * @throws CancellationException where it was stopped
   */
  synchronized void await() throws InterruptedException, ExecutionException {
    while (!stopped && !unfinished.isEmpty()) {
      wait();
    }
    if (failure != null) {
      throw new ExecutionException(failure);
    } else if (stopped) {
      throw new CancellationException();
    }
  }
}
