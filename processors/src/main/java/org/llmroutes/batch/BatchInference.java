package org.llmroutes.batch;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.llm.ChatModel;
import org.llmroutes.llm.OpenAiChatModel;
import org.llmroutes.progress.Progress;

/**
 * Asks the model for every line of a file, a few at a time, and writes what comes of each. Needs
 * memory for the lines in work and at most 96 bytes for every id, not for the file.
 */
public final class BatchInference {
  private static final long LOOK_MILLIS = 100;

  private final ChatModel model;
  private final Duration patience;

  /**
   * @param model not shared with chat, so that neither takes the other's places
   * @param patience how long a line is tried while the service is full or away
   */
  public BatchInference(ChatModel model, Duration patience) {
    this.model = model;
    this.patience = patience;
  }

  /** With the platform's LLM, asked as {@code batch.priority} and {@code batch.patience} say. */
  public static BatchInference of(Settings settings) {
    ChatModel model =
        new OpenAiChatModel(
            PlatformServices.load(settings).llm(), settings.getInt("batch.priority"));
    return new BatchInference(model, settings.getDuration("batch.patience"));
  }

  /**
   * Returns once every line has an answer or an error in the output, or the progress says
   * cancelled, or the thread was interrupted; then, requests in work are closed.
   *
   * @throws IOException where a file cannot be read or written
   * @throws org.llmroutes.errors.StepException where the service stays away: no line has been
   *     answered while as many as are in work at a time ran out of patience
   */
  public BatchReport run(BatchRequest request, Progress progress) throws IOException {
    try (LineReader input = LineReader.of(request.input());
        ResultFile output = ResultFile.open(request.output())) {
      Ledger ledger = new Ledger(request, input, output, count(request.input()), progress);
      Worker worker = new Worker(model, patience, ledger);
      boolean finished = work(worker, request.concurrency(), progress);
      return ledger.report(!finished);
    }
  }

  private static long count(Path input) throws IOException {
    long count = 0;
    try (LineReader lines = LineReader.of(input)) {
      for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
        count += line.isBlank() ? 0 : 1;
      }
    }
    return count;
  }

  /** False where the work was cancelled. */
  private static boolean work(Worker worker, int threads, Progress progress) throws IOException {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    CompletionService<Void> ends = new ExecutorCompletionService<>(executor);
    try {
      for (int i = 0; i < threads; i++) {
        ends.submit(worker);
      }
      for (int ended = 0; ended < threads; ) {
        Future<Void> end = ends.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (end != null) {
          end.get();
          ended++;
        } else if (progress.cancelled()) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } finally {
      end(executor);
    }
  }

  private static IOException rethrown(Throwable cause) {
    if (cause instanceof IOException failure) {
      return failure;
    } else if (cause instanceof RuntimeException failure) {
      throw failure;
    }
    throw new IllegalStateException(cause);
  }

  /** No result may be written once the output is closed. */
  private static void end(ExecutorService executor) {
    executor.shutdownNow();
    boolean interrupted = false;
    while (!executor.isTerminated()) {
      try {
        executor.awaitTermination(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
