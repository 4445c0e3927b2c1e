package org.llmroutes.batch;

/**
 * What became of the lines.
 *
 * @param done answered in this run
 * @param failed for which there is an error in the output
 * @param unanswered among those, the ones that the service may answer another time
 * @param skipped answered by a former run
 * @param promptTokens of the answers of this run, as far as the service counted them
 * @param completionTokens likewise
 * @param lastError of a line that failed, with its number, or empty
 * @param cancelled whether it ended before its end
 */
public record BatchReport(
    long done,
    long failed,
    long unanswered,
    long skipped,
    long promptTokens,
    long completionTokens,
    String lastError,
    boolean cancelled) {

  /** What was done, and which line was left out last and why, in one line. */
  public String summary() {
    String counts = "%d lines done, %d failed, %d skipped".formatted(done, failed, skipped);
    return failed == 0 ? counts : counts + "; the last error: " + lastError;
  }
}
