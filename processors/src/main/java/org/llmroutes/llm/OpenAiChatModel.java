package org.llmroutes.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.EventStream;
import org.llmroutes.http.ServiceClient;

/**
 * Chat completions as vLLM, Ollama and llama.cpp serve them. A stream is tried again by itself only
 * while no token of it was handed out.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">OpenAI API reference, chat
 *     completions</a>
 */
public final class OpenAiChatModel implements ChatModel {
  private static final String COMPLETIONS = "/chat/completions";

  private final ServiceClient client;
  private final int priority;
  private volatile String listedModel;

  public OpenAiChatModel(ServiceSettings settings) {
    this(settings, 0);
  }

  /**
   * @param priority 0 is not sent; with {@code --scheduling-policy priority}, vLLM takes lower ones
   *     first, and without it refuses any other than 0
   */
  public OpenAiChatModel(ServiceSettings settings, int priority) {
    this.client = new ServiceClient(settings, "llm");
    this.priority = priority;
  }

  @Override
  public Completion stream(CompletionRequest request, Deadline deadline, Consumer<String> onToken) {
    Map<String, Object> body = body(request, deadline);
    body.put("stream", true);
    body.put("stream_options", Map.of("include_usage", true));
    Relay relay = new Relay(onToken);
    return client.protecting(() -> relay.run(body, deadline), deadline);
  }

  @Override
  public Completion complete(CompletionRequest request, Deadline deadline) {
    long start = System.nanoTime();
    JsonNode answer = client.post(COMPLETIONS, body(request, deadline), deadline);
    JsonNode choice = answer.path("choices").path(0);
    if (!choice.path("message").path("content").isTextual()) {
      throw client.unexpected("no message");
    }
    return new Completion(
        choice.path("message").path("content").asText(),
        answer.path("model").asText(),
        finishReason(choice.path("finish_reason").asText()),
        answer.path("usage").path("prompt_tokens").asInt(-1),
        answer.path("usage").path("completion_tokens").asInt(-1),
        (System.nanoTime() - start) / 1_000_000);
  }

  private Map<String, Object> body(CompletionRequest request, Deadline deadline) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model", request.model() != null ? request.model() : defaultModel(deadline));
    body.put("messages", request.messages());
    if (request.temperature() != null) {
      body.put("temperature", request.temperature());
    }
    if (request.maxTokens() != null) {
      body.put("max_tokens", request.maxTokens());
    }
    if (priority != 0) {
      body.put("priority", priority);
    }
    return body;
  }

  private String defaultModel(Deadline deadline) {
    if (!client.settings().model().isEmpty()) {
      return client.settings().model();
    }
    if (listedModel == null) {
      JsonNode id = client.get("/models", deadline).path("data").path(0).path("id");
      if (!id.isTextual()) {
        throw client.unexpected("no model is listed; set VLLM_MODEL");
      }
      listedModel = id.asText();
    }
    return listedModel;
  }

  /** The contract knows two endings that a model can come to by itself. */
  private static String finishReason(String reported) {
    return "length".equals(reported) ? "length" : "stop";
  }

  /** One stream, as often as it must be begun. */
  private final class Relay {
    private final Consumer<String> onToken;
    private final StringBuilder text = new StringBuilder();

    Relay(Consumer<String> onToken) {
      this.onToken = onToken;
    }

    Completion run(Map<String, Object> body, Deadline deadline) {
      try {
        return relay(body, deadline);
      } catch (StepException e) {
        if (text.isEmpty()) {
          throw e;
        }
        // tokens are out: beginning again is the caller's decision
        throw new StepException(e.step(), e.code(), e.getMessage(), e);
      }
    }

    private Completion relay(Map<String, Object> body, Deadline deadline) {
      long start = System.nanoTime();
      long firstToken = -1;
      String model = "";
      String finish = null;
      JsonNode usage = null;
      try (EventStream events = EventStream.open(client, COMPLETIONS, body, deadline)) {
        for (Optional<JsonNode> event = events.next(); event.isPresent(); event = events.next()) {
          JsonNode chunk = event.get();
          if (chunk.has("error")) {
            throw client.unexpected(
                chunk.path("error").path("message").asText("an error in the stream"));
          }
          JsonNode choice = chunk.path("choices").path(0);
          String token = choice.path("delta").path("content").asText("");
          if (!token.isEmpty()) {
            firstToken = firstToken < 0 ? System.nanoTime() - start : firstToken;
            text.append(token);
            onToken.accept(token);
          }
          finish =
              choice.hasNonNull("finish_reason") ? choice.path("finish_reason").asText() : finish;
          model = chunk.path("model").asText(model);
          usage = chunk.hasNonNull("usage") ? chunk.path("usage") : usage;
        }
      }
      if (finish == null) {
        throw client.failure("ended its stream before the answer", null);
      }
      return new Completion(
          text.toString(),
          model,
          finishReason(finish),
          usage == null ? -1 : usage.path("prompt_tokens").asInt(-1),
          usage == null ? -1 : usage.path("completion_tokens").asInt(-1),
          Math.max(0, firstToken) / 1_000_000);
    }
  }
}
