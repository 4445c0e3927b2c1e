package org.llmroutes.tests;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llmroutes.local.fake.FakeVllm.Reply;

/**
 * What the fake vLLM says to the questions of {@link Load}: a text that names the question, a token
 * every 20 ms. Counts how often each was generated.
 */
class Answers implements Function<JsonNode, Reply> {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final Map<String, Integer> generations = new ConcurrentHashMap<>();

  static String to(String requestId) {
    return String.join("", tokens(requestId));
  }

  private static String[] tokens(String requestId) {
    return ("That " + requestId + " is a question like any other, and that this is the answer.")
        .split("(?<= )");
  }

  int generationsOf(String requestId) {
    return generations.getOrDefault(requestId, 0);
  }

  @Override
  public final Reply apply(JsonNode request) {
    if (!request.path("stream").asBoolean()) {
      return Reply.of("rewritten");
    }
    JsonNode messages = request.path("messages");
    Matcher id = ID.matcher(messages.path(messages.size() - 1).path("content").asText());
    if (!id.find()) {
      throw new IllegalArgumentException("No question of the load");
    }
    return reply(id.group(), generations.merge(id.group(), 1, Integer::sum));
  }

  /**
   * @param generation of this question, from 1
   */
  protected Reply reply(String requestId, int generation) {
    return Reply.of(tokens(requestId)).every(20_000);
  }
}
