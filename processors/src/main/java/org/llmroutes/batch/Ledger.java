package org.llmroutes.batch;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.llm.Completion;
import org.llmroutes.llm.CompletionRequest;
import org.llmroutes.progress.Progress;

/**
 * Which lines are to be asked and what came of those that were, for all workers of a batch. Lines
 * that cannot be asked get their error here.
 */
final class Ledger {
  /** At least so many lines in a row must run out of patience before the service counts as away. */
  private static final int AWAY = 4;

  private final BatchRequest request;
  private final LineReader input;
  private final ResultFile output;
  private final long total;
  private final Progress progress;
  private final IdSet seen = new IdSet();
  private long done;
  private long failed;
  private long unanswered;
  private long skipped;
  private long promptTokens;
  private long completionTokens;
  private String lastError = "";
  private int unavailableInARow;

  /**
   * A line to ask.
   *
   * @param doneBefore lines that were answered when it was taken
   */
  record Task(long line, String id, CompletionRequest request, long doneBefore) {}

  /**
   * @param total lines of the input
   */
  Ledger(BatchRequest request, LineReader input, ResultFile output, long total, Progress progress) {
    this.request = request;
    this.input = input;
    this.output = output;
    this.total = total;
    this.progress = progress;
  }

  /** The next line to ask, or null where none is left. */
  synchronized Task next() throws IOException, InterruptedException {
    for (LineReader.Line line = input.next(); line != null; line = input.next()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Task task = line.isBlank() ? null : open(line);
      if (task != null) {
        return task;
      }
    }
    return null;
  }

  private Task open(LineReader.Line line) throws IOException {
    String id = null;
    try {
      BatchLine read = BatchLine.of(line);
      CompletionRequest completion = read.request(request.model(), request.maxTokens());
      if (!seen.add(read.id())) {
        throw new InvalidLine("id: an earlier line has the same");
      }
      id = read.id();
      if (output.isAnswered(id)) {
        skipped++;
        advanced();
        return null;
      }
      return new Task(line.number(), id, completion, done);
    } catch (InvalidLine e) {
      fail(line.number(), id, ErrorCode.INVALID_MESSAGE, e.getMessage());
      return null;
    }
  }

  synchronized void answered(Task task, Completion completion) throws IOException {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("id", task.id());
    result.put("response", completion.text());
    result.put("model", completion.model());
    result.put("finish_reason", completion.finishReason());
    if (completion.promptTokens() >= 0) {
      result.put(
          "usage",
          Map.of(
              "prompt_tokens", completion.promptTokens(),
              "completion_tokens", completion.completionTokens()));
      promptTokens += completion.promptTokens();
      completionTokens += completion.completionTokens();
    }
    output.add(result);
    unavailableInARow = 0;
    done++;
    advanced();
  }

  /**
   * Notes an error. A service that has answered other lines meanwhile is there: then it is this
   * line that fails, whatever the service says, and another time it would fail again.
   *
   * @throws StepException where the service is away, and not this line at fault
   */
  synchronized void failed(Task task, StepException failure) throws IOException {
    if (failure.code().retryable() && done == task.doneBefore()) {
      unanswered++;
    }
    fail(task.line(), task.id(), failure.code(), failure.getMessage());
    unavailableInARow = failure.code() == ErrorCode.UNAVAILABLE ? unavailableInARow + 1 : 0;
    if (unavailableInARow >= Math.max(AWAY, request.concurrency())) {
      throw failure;
    }
  }

  private void fail(long line, String id, ErrorCode code, String message) throws IOException {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("id", id);
    result.put("line", line);
    result.put("error", Map.of("code", code.wire(), "message", message));
    output.add(result);
    lastError = "line " + line + ": " + message;
    failed++;
    advanced();
  }

  private void advanced() {
    progress.advanced(done + failed + skipped, total);
  }

  synchronized BatchReport report(boolean cancelled) {
    return new BatchReport(
        done, failed, unanswered, skipped, promptTokens, completionTokens, lastError, cancelled);
  }
}
