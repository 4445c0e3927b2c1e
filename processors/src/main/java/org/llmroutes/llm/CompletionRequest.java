package org.llmroutes.llm;

import java.util.List;

/**
 * What to generate; null model, temperature or maxTokens leave the service's own default.
 *
 * @param messages system prompt first
 */
public record CompletionRequest(
    List<ChatMessage> messages, String model, Double temperature, Integer maxTokens) {

  /** The same with all the tokens that the context leaves. */
  CompletionRequest withoutLimit() {
    return new CompletionRequest(messages, model, temperature, null);
  }
}
