package org.llmroutes.llm;

/**
 * What a finished generation gave.
 *
 * @param text all tokens, in order, without thoughts
 * @param model as reported by the service
 * @param finishReason {@code stop}, {@code length} or {@code cancelled}
 * @param promptTokens as reported by the service, or -1
 * @param completionTokens as reported by the service, or -1
 * @param firstTokenMillis from sending the request to the first token with content
 */
public record Completion(
    String text,
    String model,
    String finishReason,
    int promptTokens,
    int completionTokens,
    long firstTokenMillis) {

  /** What there is of a generation that was stopped, or never begun. */
  public static Completion cancelled(String textSoFar) {
    return new Completion(textSoFar, "", "cancelled", -1, -1, 0);
  }
}
