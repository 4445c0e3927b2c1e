package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.tests.GatewayClient.Answered;
import org.llmroutes.tests.GatewayClient.Event;

/** Chat completions as OpenAI's clients ask for them. */
class OpenAiApiTest {
  private static final String CHAT = "/v1/chat/completions";

  private final Stack stack = Stack.shared();
  private final GatewayClient client = new GatewayClient(stack.environment, null);

  @Test
  void completesAChatFromTheDocumentsOfACollection() throws Exception {
    stack.vllm.script(request -> Reply.of("For fish. [1]"));
    String herons = stack.documents.collectionOf("The heron waits for fish.");

    Answered answered =
        client.post(CHAT, Map.of("model", herons, "messages", user("What does it wait for?")));

    assertThat(answered.status()).isEqualTo(200);
    assertThat(answered.body())
        .containsEntry("object", "chat.completion")
        .containsEntry("model", herons)
        .containsKeys("usage", "created", "sources");
    assertThat(choice(answered.body()))
        .containsEntry("finish_reason", "stop")
        .containsEntry("message", Map.of("role", "assistant", "content", "For fish. [1]"));
    assertThat(stack.vllm.requests().get(stack.vllm.requests().size() - 1).toString())
        .contains("The heron waits for fish.");
  }

  @Test
  void streamsWhatTheLlmWritesWithoutDocuments() throws Exception {
    stack.vllm.script(request -> Reply.of("One", " two"));

    List<Event> events =
        client.events(
            client.json(
                CHAT,
                Map.of(
                    "model",
                    FakeVllm.MODEL,
                    "stream",
                    true,
                    "stream_options",
                    Map.of("include_usage", true),
                    "messages",
                    user("Count"))),
            event -> {});

    assertThat(events).allSatisfy(event -> assertThat(event.data()).containsKey("choices"));
    assertThat(content(events.get(0).data())).isEqualTo("");
    assertThat(
            events.stream()
                .map(event -> content(event.data()))
                .filter(Objects::nonNull)
                .map(Object::toString)
                .collect(Collectors.joining()))
        .isEqualTo("One two");
    assertThat(choice(events.get(events.size() - 2).data())).containsEntry("finish_reason", "stop");
    assertThat(events.get(events.size() - 1).data())
        .containsKey("usage")
        .containsEntry("choices", List.of());
  }

  @Test
  void takesTheConversationThatTheClientKeeps() throws Exception {
    stack.vllm.script(request -> Reply.of("Three."));
    List<Map<String, Object>> messages = new ArrayList<>();
    messages.add(Map.of("role", "system", "content", "Count upwards."));
    messages.add(Map.of("role", "user", "content", "One?"));
    messages.add(Map.of("role", "assistant", "content", "Two."));
    messages.add(
        Map.of("role", "user", "content", List.of(Map.of("type", "text", "text", "And then?"))));

    client.post(CHAT, Map.of("model", FakeVllm.MODEL, "messages", messages));
    client.post("/api/chat", Map.of("message", "Where were we?", "enable_rag", false));

    List<JsonNode> asked = stack.vllm.requests();
    assertThat(asked.get(asked.size() - 2).path("messages").findValuesAsText("content"))
        .anySatisfy(content -> assertThat(content).contains("Count upwards."))
        .contains("One?", "Two.", "And then?");
    assertThat(asked.get(asked.size() - 2).path("messages").findValuesAsText("role"))
        .containsExactly("system", "user", "assistant", "user");
    assertThat(asked.get(asked.size() - 1).toString()).doesNotContain("And then?");
  }

  @Test
  void believesTheCredentialsAndNotTheUserOfTheRequest() throws Exception {
    stack.vllm.script(request -> Reply.of("Yes."));

    Answered answered =
        client.post(
            CHAT,
            Map.of(
                "model",
                FakeVllm.MODEL,
                "messages",
                user("Who?"),
                "user",
                "ada",
                "user_id",
                "ada"));

    assertThat(client.get("/api/requests/" + answered.requestId()).body())
        .containsEntry("user_id", "local");
  }

  @Test
  void listsCollectionsAndTheModelsOfTheLlm() throws Exception {
    List<?> listed = (List<?>) client.get("/v1/models").body().get("data");

    assertThat(listed.stream().map(model -> ((Map<?, ?>) model).get("id").toString()))
        .contains("documents", FakeVllm.MODEL);
  }

  @ParameterizedTest
  @CsvSource({
    "tools, '[{\"type\": \"function\"}]', tools",
    "n, 2, n",
    "logprobs, true, logprobs",
    "response_format, '{\"type\": \"json_schema\"}', response_format",
    "messages, '[]', messages",
    "messages, '[{\"role\": \"tool\", \"content\": \"x\"}]', messages",
    "messages, '[{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}]', messages",
    "messages, '[{\"role\": \"user\", \"content\": \"\"}]', messages",
    "model, null, model",
    "stream, '\"yes\"', stream",
    "temperature, 9, temperature",
    "temperature, '\"hot\"', temperature",
    "max_tokens, 0, max_tokens",
    "logit_bias, '{\"50256\": -100}', logit_bias",
  })
  void namesTheParameterThatItCannotServe(String field, String value, String param)
      throws Exception {
    Map<String, Object> request = new java.util.HashMap<>();
    request.put("model", FakeVllm.MODEL);
    request.put("messages", user("Hello"));
    request.put(field, GatewayClient.parse(value));

    Answered answered = client.post(CHAT, request);

    assertThat(answered.status()).isEqualTo(400);
    assertThat(answered.error())
        .containsEntry("type", "invalid_request_error")
        .containsEntry("param", param)
        .containsKeys("message", "code");
  }

  @Test
  void ignoresWhatAsksForNothing() throws Exception {
    stack.vllm.script(request -> Reply.of("Yes."));
    Map<String, Object> request = new java.util.HashMap<>();
    request.put("model", FakeVllm.MODEL);
    request.put("messages", user("Hello"));
    request.put("tools", List.of());
    request.put("logit_bias", Map.of());
    request.put("stop", null);
    request.put("n", 1);
    request.put("seed", 7);
    request.put("response_format", Map.of("type", "text"));

    assertThat(client.post(CHAT, request).status()).isEqualTo(200);
  }

  @Test
  void tellsTheFailureOfTheLlmInTheirForm() throws Exception {
    stack.vllm.script(request -> Reply.failing(400));

    Answered answered =
        client.post(CHAT, Map.of("model", FakeVllm.MODEL, "messages", user("Hello")));

    assertThat(answered.status()).isEqualTo(422);
    assertThat(answered.error()).containsEntry("code", "rejected");
  }

  private static List<Map<String, Object>> user(String content) {
    return List.of(Map.of("role", "user", "content", content));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> choice(Map<String, Object> body) {
    return (Map<String, Object>) ((List<?>) body.get("choices")).get(0);
  }

  private static Object content(Map<String, Object> chunk) {
    List<?> choices = (List<?>) chunk.get("choices");
    return choices.isEmpty()
        ? null
        : ((Map<?, ?>) ((Map<?, ?>) choices.get(0)).get("delta")).get("content");
  }
}
