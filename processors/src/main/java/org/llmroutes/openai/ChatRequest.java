package org.llmroutes.openai;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.llmroutes.contract.Schemas;
import org.llmroutes.gateway.HttpProblem;
import org.llmroutes.http.Deadline;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.turn.TurnProcessor;

/**
 * A chat request of the contract from one of the OpenAI API. A model that is the name of a
 * collection answers from its documents; every other one is the LLM's, and answers without. The
 * last message is the question, those before it the history.
 */
public class ChatRequest extends TurnProcessor {
  /** What changes the answer in a way that a caller would miss. */
  private static final List<String> NOT_HERE =
      List.of(
          "tools",
          "functions",
          "logprobs",
          "top_logprobs",
          "logit_bias",
          "stop",
          "modalities",
          "audio",
          "web_search_options");

  /** Theirs by the contract's names, where these differ. */
  private static final Map<String, String> NAMES =
      Map.of("message", "messages", "history", "messages", "collection", "model");

  /** For Milvus to say whether it has a collection. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant");

  private final CollectionModels collections =
      new CollectionModels(
          model -> service(DocumentCollection.class).exists(model, Deadline.in(PATIENCE)),
          System::nanoTime);

  @Override
  @SuppressWarnings("unchecked") // http-turns leaves it so
  public void process(Exchange exchange) {
    Map<String, Object> asked = exchange.getMessage().getBody(Map.class);
    requireAnswerable(asked, new Parameters(asked));
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("request_id", asked.get("request_id"));
    request.put("enable_streaming", asked.get("enable_streaming"));
    List<Map<String, Object>> messages = messages(asked.get("messages"));
    Map<String, Object> last = messages.remove(messages.size() - 1);
    if (!"user".equals(last.get("role"))) {
      throw HttpProblem.ofField("messages", "the last one must be of role user");
    }
    request.put("message", last.get("content"));
    request.put("history", messages);
    if (!(asked.get("model") instanceof String model)) {
      throw HttpProblem.ofField("model", "is required; GET /v1/models lists them");
    }
    boolean documents = collections.contains(model);
    request.put("enable_rag", documents);
    request.put(documents ? "collection" : "model", model);
    copy(asked, "temperature", request, "temperature");
    copy(asked, "max_tokens", request, "max_tokens");
    copy(asked, "max_completion_tokens", request, "max_tokens");
    requireWithinLimits(request);
    exchange.getMessage().setBody(request);
  }

  private void requireWithinLimits(Map<String, Object> request) {
    service(Schemas.class)
        .violation("chat-request", request)
        .ifPresent(
            violation -> {
              String field = violation.replaceFirst("[/:].*", "");
              throw HttpProblem.ofField(
                  NAMES.getOrDefault(field, field), violation.replaceFirst(".*?: ", ""));
            });
  }

  private static void requireAnswerable(Map<String, Object> asked, Parameters parameters) {
    parameters.refuse(NOT_HERE);
    parameters.isOn("stream");
    if (asked.get("n") instanceof Number n && n.intValue() != 1) {
      throw HttpProblem.ofField("n", "only 1 is supported");
    }
    if (asked.get("response_format") instanceof Map<?, ?> format
        && !"text".equals(format.get("type"))) {
      throw HttpProblem.ofField("response_format", "only text is supported");
    }
  }

  private static List<Map<String, Object>> messages(Object given) {
    if (!(given instanceof List<?> list) || list.isEmpty()) {
      throw HttpProblem.ofField("messages", "must be a list with at least one message");
    }
    List<Map<String, Object>> messages = new ArrayList<>();
    for (Object entry : list) {
      if (!(entry instanceof Map<?, ?> message)
          || !(message.get("role") instanceof String role)
          || !ROLES.contains(role)) {
        throw HttpProblem.ofField("messages", "each must have a role of " + ROLES);
      }
      Map<String, Object> told = new LinkedHashMap<>();
      told.put("role", "developer".equals(role) ? "system" : role);
      told.put("content", text(message.get("content")));
      messages.add(told);
    }
    return messages;
  }

  private static String text(Object content) {
    if (content instanceof String text) {
      return text;
    }
    if (content instanceof List<?> parts && parts.stream().allMatch(ChatRequest::isText)) {
      return parts.stream()
          .map(part -> (String) ((Map<?, ?>) part).get("text"))
          .collect(Collectors.joining("\n"));
    }
    throw HttpProblem.ofField("messages", "content must be text");
  }

  private static boolean isText(Object part) {
    return part instanceof Map<?, ?> map
        && "text".equals(map.get("type"))
        && map.get("text") instanceof String;
  }

  private static void copy(
      Map<String, Object> from, String name, Map<String, Object> to, String as) {
    if (from.get(name) != null) {
      to.put(as, from.get(name));
    }
  }
}
