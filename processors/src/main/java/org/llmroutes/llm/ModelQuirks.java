package org.llmroutes.llm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model, as its service runs it, was found not to take, and how it thinks.
 *
 * @param systemRole whether its chat template knows system messages; without, instructions are the
 *     beginning of the first user message, and roles alternate
 * @param streamOptions whether {@code stream_options} may be sent, which usage is asked for by
 * @param maxTokens whether the limit is called {@code max_tokens}, not {@code
 *     max_completion_tokens}
 * @param temperature whether a temperature may be sent
 */
record ModelQuirks(
    boolean systemRole,
    boolean streamOptions,
    boolean maxTokens,
    boolean temperature,
    Thinking thinking) {
  static final ModelQuirks NONE = new ModelQuirks(true, true, true, true, Thinking.UNKNOWN);

  /** What to ask instead, where that is not what was asked already. */
  Optional<ModelQuirks> without(Complaint complaint) {
    ModelQuirks other =
        switch (complaint) {
          case NO_SYSTEM_ROLE ->
              new ModelQuirks(false, streamOptions, maxTokens, temperature, thinking);
          case NO_STREAM_OPTIONS ->
              new ModelQuirks(systemRole, false, maxTokens, temperature, thinking);
          case OTHER_TOKEN_LIMIT ->
              new ModelQuirks(systemRole, streamOptions, false, temperature, thinking);
          case NO_TEMPERATURE ->
              new ModelQuirks(systemRole, streamOptions, maxTokens, false, thinking);
          default -> this;
        };
    return other.asksAs(this) ? Optional.empty() : Optional.of(other);
  }

  /** Whether requests are the same. Making a record's equals would take the first turn 6 ms. */
  boolean asksAs(ModelQuirks other) {
    return systemRole == other.systemRole
        && streamOptions == other.streamOptions
        && maxTokens == other.maxTokens
        && temperature == other.temperature;
  }

  ModelQuirks thinking(Thinking known) {
    return new ModelQuirks(systemRole, streamOptions, maxTokens, temperature, known);
  }

  /** The request as this model takes it. */
  Map<String, Object> body(CompletionRequest request, String model, boolean stream) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model", model);
    body.put("messages", systemRole ? request.messages() : alternating(request.messages()));
    if (request.temperature() != null && temperature) {
      body.put("temperature", request.temperature());
    }
    if (request.maxTokens() != null) {
      body.put(maxTokens ? "max_tokens" : "max_completion_tokens", request.maxTokens());
    }
    if (stream) {
      body.put("stream", true);
    }
    if (stream && streamOptions) {
      body.put("stream_options", Map.of("include_usage", true));
    }
    return body;
  }

  private static List<ChatMessage> alternating(List<ChatMessage> messages) {
    List<ChatMessage> merged = new ArrayList<>();
    for (ChatMessage message : messages) {
      String role = "system".equals(message.role()) ? "user" : message.role();
      ChatMessage last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && last.role().equals(role)) {
        merged.set(
            merged.size() - 1, new ChatMessage(role, last.content() + "\n\n" + message.content()));
      } else {
        merged.add(new ChatMessage(role, message.content()));
      }
    }
    return merged;
  }
}
