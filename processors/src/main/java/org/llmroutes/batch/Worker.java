package org.llmroutes.batch;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.llm.ChatModel;
import org.llmroutes.llm.Completion;
import org.llmroutes.llm.CompletionRequest;

/**
 * Takes line after line, asks and writes down what came of it, until no line is left. Several
 * threads share one; what they must not do at once stands in {@link Ledger}.
 */
final class Worker implements Callable<Void> {
  private final ChatModel model;
  private final Duration patience;
  private final Ledger ledger;

  Worker(ChatModel model, Duration patience, Ledger ledger) {
    this.model = model;
    this.patience = patience;
    this.ledger = ledger;
  }

  @Override
  public Void call() throws IOException, InterruptedException {
    for (Ledger.Task task = ledger.next(); task != null; task = ledger.next()) {
      try {
        ledger.answered(task, answer(task.request()));
      } catch (StepException e) {
        ledger.failed(task, e);
      }
    }
    return null;
  }

  /**
   * Streamed, so that the service's timeout is for silence and not for the whole answer. One that
   * breaks off is begun again, for as long as the patience lasts.
   */
  private Completion answer(CompletionRequest request) throws InterruptedException {
    Deadline end = null;
    while (true) {
      AtomicBoolean begun = new AtomicBoolean();
      try {
        return model.stream(request, Deadline.toBegin(patience), token -> begun.set(true));
      } catch (StepException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        end = end == null ? Deadline.in(patience) : end;
        if (e.code() != ErrorCode.UNAVAILABLE || !begun.get() || end.passed()) {
          throw e;
        }
      }
    }
  }
}
