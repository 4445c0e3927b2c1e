package org.llmroutes.gateway;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An answer in the form of the OpenAI API.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">Chat completions</a>
 */
final class OpenAiForm {
  private final Object model;
  private final boolean withUsage;
  private final long created = Instant.now().getEpochSecond();

  /**
   * @param request as the client has sent it
   */
  OpenAiForm(Map<String, Object> request) {
    this.model = request.get("model");
    this.withUsage =
        request.get("stream_options") instanceof Map<?, ?> options
            && Boolean.TRUE.equals(options.get("include_usage"));
  }

  boolean withUsage() {
    return withUsage;
  }

  /**
   * @param delta role and content, as far as they are new
   * @param finishReason null until the last one
   */
  Map<String, Object> chunk(Object requestId, Map<String, Object> delta, String finishReason) {
    Map<String, Object> choice = new LinkedHashMap<>();
    choice.put("index", 0);
    choice.put("delta", delta);
    choice.put("finish_reason", finishReason);
    return object("chat.completion.chunk", requestId, List.of(choice));
  }

  /** The chunk after the last one, for a client that asked for it. */
  Map<String, Object> usageChunk(Map<String, Object> response) {
    Map<String, Object> chunk =
        object("chat.completion.chunk", response.get("request_id"), List.of());
    chunk.put("usage", usage(response));
    return chunk;
  }

  /** The whole answer; the sources as the contract has them. */
  Map<String, Object> completion(Map<String, Object> response) {
    Map<String, Object> choice = new LinkedHashMap<>();
    choice.put("index", 0);
    choice.put("message", Map.of("role", "assistant", "content", response.get("response")));
    choice.put("finish_reason", finishReason(response));
    Map<String, Object> completion =
        object("chat.completion", response.get("request_id"), List.of(choice));
    completion.put("usage", usage(response));
    withSources(completion, response);
    return completion;
  }

  static void withSources(Map<String, Object> object, Map<String, Object> response) {
    if (response.get("sources") instanceof List<?> sources && !sources.isEmpty()) {
      object.put("sources", sources);
    }
  }

  /** OpenAI has no word for an answer that the user stopped. */
  static String finishReason(Map<String, Object> response) {
    return "length".equals(response.get("finish_reason")) ? "length" : "stop";
  }

  static Map<String, Object> error(HttpProblem problem) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", problem.getMessage());
    error.put("type", problem.status() < 500 ? "invalid_request_error" : "server_error");
    error.put("param", problem.param());
    error.put("code", problem.code());
    return Map.of("error", error);
  }

  private static Map<String, Object> usage(Map<String, Object> response) {
    long prompt = 0;
    long completion = 0;
    if (response.get("usage") instanceof Map<?, ?> usage) {
      prompt = ((Number) usage.get("prompt_tokens")).longValue();
      completion = ((Number) usage.get("completion_tokens")).longValue();
    }
    return Map.of(
        "prompt_tokens", prompt,
        "completion_tokens", completion,
        "total_tokens", prompt + completion);
  }

  private Map<String, Object> object(String kind, Object requestId, List<?> choices) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("id", "chatcmpl-" + requestId);
    object.put("object", kind);
    object.put("created", created);
    object.put("model", model);
    object.put("choices", choices);
    return object;
  }
}
