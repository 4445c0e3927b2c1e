package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    assertThat(events.stream().map(event -> content(event.data())).toList())
        .containsExactly("", "One", " two", null, null);
    assertThat(choice(events.get(3).data())).containsEntry("finish_reason", "stop");
    assertThat(events.get(4).data()).containsKey("usage").containsEntry("choices", List.of());
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
    "model, null, model",
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
