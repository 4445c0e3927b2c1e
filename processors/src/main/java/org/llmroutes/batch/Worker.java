package org.llmroutes.batch;

import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
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
  private static final IntervalFunction PAUSE =
      IntervalFunction.ofExponentialRandomBackoff(
          Duration.ofSeconds(1), 2.0, 0.5, Duration.ofSeconds(30));

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

  /** Streamed, so that the service's timeout is for silence and not for the whole answer. */
  private Completion answer(CompletionRequest request) throws InterruptedException {
    Deadline end = null;
    for (int attempt = 1; ; attempt++) {
      try {
        return model.stream(request, Deadline.never(), token -> {});
      } catch (StepException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        end = end == null ? Deadline.in(patience) : end;
        Duration pause = Duration.ofMillis(PAUSE.apply(attempt));
        if (e.code() != ErrorCode.UNAVAILABLE || end.within(pause).compareTo(pause) < 0) {
          throw e;
        }
        Thread.sleep(pause.toMillis());
      }
    }
  }
}
