package org.llmroutes.llm;

/**
 * What a finished generation gave.
 *
 * @param text all tokens, in order
 * @param model as reported by the service
 * @param finishReason {@code stop} or {@code length}
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
    long firstTokenMillis) {}
