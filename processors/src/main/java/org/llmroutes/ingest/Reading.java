package org.llmroutes.ingest;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.llmroutes.progress.Progress;

/**
 * Reads files on a thread of their own, so that one that takes too long, nests too deeply or needs
 * too much memory ends nothing but itself, and a cancel is heard meanwhile.
 */
final class Reading {
  static final String MORE_MEMORY = "split the file, or give more (JAVA_OPTS=-Xmx2g)";

  /** Enough for trees that are thousands of elements deep; only what is used is taken. */
  private static final long STACK_BYTES = 64L << 20;

  private static final long LOOK_MILLIS = 100;

  private final Duration limit;
  private final Progress progress;

  /**
   * @param limit for one file
   */
  Reading(Duration limit, Progress progress) {
    this.limit = limit;
    this.progress = progress;
  }

  /**
   * @throws InvalidDocument where the work does not end well in time
   * @throws CancellationException where the progress said so, or the thread was interrupted
   */
  <T> T of(Callable<T> work) throws InvalidDocument {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(null, task, "read-document", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    try {
      await(thread);
      return task.get();
    } catch (ExecutionException e) {
      throw invalid(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    } finally {
      // what does not listen goes on, and holds up nobody
      task.cancel(true);
    }
  }

  /** Makes no objects while it waits, because there may be no memory for any. */
  private void await(Thread thread) throws InvalidDocument, InterruptedException {
    long begun = System.nanoTime();
    long most = limit.toNanos();
    for (thread.join(LOOK_MILLIS); thread.isAlive(); thread.join(LOOK_MILLIS)) {
      if (progress.cancelled()) {
        throw new CancellationException();
      } else if (System.nanoTime() - begun > most) {
        throw new InvalidDocument(
            "takes longer than %d s to read; split it, or raise ingestion.file.timeout"
                .formatted(limit.toSeconds()));
      }
    }
  }

  private static InvalidDocument invalid(Throwable failure) {
    if (failure instanceof InvalidDocument known) {
      return known;
    } else if (failure instanceof StackOverflowError) {
      return new InvalidDocument("is nested too deeply to be read", failure);
    } else if (failure instanceof OutOfMemoryError) {
      return new InvalidDocument(
          "needs more memory than the %d MiB that there are; %s"
              .formatted(Runtime.getRuntime().maxMemory() >> 20, MORE_MEMORY),
          failure);
    }
    return new InvalidDocument("cannot be parsed: " + failure, failure);
  }
}
