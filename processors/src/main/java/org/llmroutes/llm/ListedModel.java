package org.llmroutes.llm;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A model as a service lists it.
 *
 * @param contextTokens of question and answer together; 0 where the service does not say it
 */
public record ListedModel(String id, long contextTokens) {
  /** Of vLLM, LM Studio, OpenRouter and llama.cpp. */
  private static final String[] CONTEXT = {
    "/max_model_len",
    "/loaded_context_length",
    "/max_context_length",
    "/context_length",
    "/meta/n_ctx"
  };

  static ListedModel of(JsonNode model) {
    for (String pointer : CONTEXT) {
      long tokens = model.at(pointer).asLong();
      if (tokens > 0) {
        return new ListedModel(model.path("id").asText(), tokens);
      }
    }
    return new ListedModel(model.path("id").asText(), 0);
  }
}
