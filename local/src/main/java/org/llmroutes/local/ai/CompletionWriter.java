package org.llmroutes.local.ai;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes one answer in the forms of the OpenAI API: as a stream of chunks, or whole. */
final class CompletionWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String id = "chatcmpl-" + UUID.randomUUID();
  private final String model;
  private final int promptTokens;
  private final int limit;
  private int tokens;

  /**
   * @param limit tokens that an answer has at most; one that has as many ends with {@code length}
   */
  CompletionWriter(String model, int promptTokens, int limit) {
    this.model = model;
    this.promptTokens = promptTokens;
    this.limit = limit;
  }

  /**
   * Each token as a chunk, as soon as it is there.
   *
   * @throws IOException where the client has gone away
   */
  void stream(Iterator<String> answer, HttpExchange exchange, boolean withUsage)
      throws IOException {
    exchange.getResponseHeaders().set("content-type", "text/event-stream; charset=utf-8");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    event(out, chunk(Map.of("role", "assistant", "content", ""), null));
    while (answer.hasNext()) {
      String text = answer.next();
      tokens++;
      event(out, chunk(Map.of("content", text), null));
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

  void whole(Iterator<String> answer, HttpExchange exchange) throws IOException {
    StringBuilder text = new StringBuilder();
    while (answer.hasNext()) {
      text.append(answer.next());
      tokens++;
    }
    Map<String, Object> choice = new LinkedHashMap<>();
    choice.put("index", 0);
    choice.put("message", Map.of("role", "assistant", "content", text));
    choice.put("finish_reason", finishReason());
    Map<String, Object> completion = object("chat.completion", choice);
    completion.put("usage", usage());
    JsonServer.send(exchange, 200, completion);
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
    return object("chat.completion.chunk", choice);
  }

  private Map<String, Object> object(String kind, Map<String, Object> choice) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("id", id);
    object.put("object", kind);
    object.put("model", model);
    object.put("choices", List.of(choice));
    return object;
  }

  private static void event(OutputStream out, Map<String, Object> chunk) throws IOException {
    out.write(
        ("data: " + JSON.writeValueAsString(chunk) + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
