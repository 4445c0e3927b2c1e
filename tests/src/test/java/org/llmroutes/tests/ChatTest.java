package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.fake.FakeVllm;

/** A question in, an answer out. */
class ChatTest {
  private final Stack stack = Stack.shared();
  private final Client client = new Client(stack.nats);

  @BeforeEach
  void anAnswer() {
    stack.vllm.script(request -> FakeVllm.Reply.of("Hello", ", ", "wörld 🚀", "."));
  }

  @Test
  void answersWithTokensThatAddUpToTheResponse() {
    Asked asked = client.ask(Client.request("Who is there?"));

    assertThat(asked.response())
        .containsEntry("success", true)
        .containsEntry("user_id", client.user)
        .containsEntry("session_id", client.user)
        .containsEntry("finish_reason", "stop")
        .containsEntry("model", FakeVllm.MODEL)
        .containsEntry("usage", Map.of("prompt_tokens", 7, "completion_tokens", 4));
    assertThat(asked.text()).isEqualTo("Hello, wörld 🚀.");
    assertThat(asked.streamed()).isEqualTo(asked.text());
    assertThat(asked.types()).containsExactly("start", "sources", "token", "done");
    assertThat(asked.chunks())
        .extracting(chunk -> chunk.get("seq"))
        .isEqualTo(IntStream.range(0, asked.chunks().size()).boxed().toList());
    assertThat(asked.degraded()).isEmpty();
  }

  @Test
  void tellsWhatEachStepTook() {
    Asked asked = client.ask(Client.request("How long?"));

    assertThat(asked.timings())
        .containsKeys(
            "queue", "history", "embed", "search", "rerank", "first_token", "llm", "save", "total")
        .doesNotContainKey("rewrite");
    assertThat(client.ask(Client.request("And then?")).timings()).containsKey("rewrite");
  }

  @Test
  void answersFromTheDocumentsOfItsCollection() {
    String collection =
        stack.documents.collectionOf(
            "The heron builds its nest in tall trees near water.",
            "A turbine blade is cooled by air that is led through its channels.",
            "Bread dough rises because yeast makes carbon dioxide.");
    Map<String, Object> request = Client.request("What cools the blade of a turbine?");
    request.put("collection", collection);
    request.put("top_k", 2);

    Asked asked = client.ask(request);

    assertThat(asked.response()).containsEntry("used_rag", true);
    assertThat(asked.sources()).hasSize(2).isEqualTo(asked.chunks("sources").get(0).get("sources"));
    assertThat(asked.sources().get(0))
        .containsEntry("n", 1)
        .containsEntry("title", "A title")
        .hasEntrySatisfying(
            "text", text -> assertThat((String) text).startsWith("A turbine blade"));
    assertThat(systemPromptFor(request))
        .contains("[1] A title")
        .contains("led through its channels");
  }

  @Test
  void searchesOnlyWhatTheFilterLeaves() {
    String collection = stack.documents.collectionOf();
    stack.documents.put(collection, "Herons eat fish.", Map.of("language", "en", "year", 2024));
    stack.documents.put(
        collection, "Herons eat fish, they say.", Map.of("language", "de", "year", 2025));
    Map<String, Object> request = Client.request("What do herons eat?");
    request.put("collection", collection);
    request.put("filter", Map.of("language", List.of("de", "fr"), "year", 2025));

    assertThat(client.ask(request).sources())
        .extracting(source -> source.get("text"))
        .containsExactly("Herons eat fish, they say.");
  }

  @Test
  void doesWithoutDocumentsAndStreamWhereTheRequestSaysSo() {
    Map<String, Object> request = Client.request("Just talk");
    request.put("enable_rag", false);
    request.put("enable_streaming", false);

    Asked asked = client.ask(request);

    assertThat(asked.text()).isEqualTo("Hello, wörld 🚀.");
    assertThat(asked.response())
        .containsEntry("used_rag", false)
        .containsEntry("sources", List.of());
    assertThat(asked.chunks()).isEmpty();
    assertThat(asked.timings()).doesNotContainKeys("embed", "search");
  }

  @Test
  void passesOnHowToGenerate() {
    Map<String, Object> request = Client.request("As I want it");
    request.put("model", "other-model");
    request.put("temperature", 0.5);
    request.put("max_tokens", 17);
    request.put("language", "de");

    client.ask(request);

    JsonNode asked = lastRequestWith("As I want it");
    assertThat(asked.path("model").asText()).isEqualTo("other-model");
    assertThat(asked.path("temperature").asDouble()).isEqualTo(0.5);
    assertThat(asked.path("max_tokens").asInt()).isEqualTo(17);
    assertThat(systemPromptFor(request)).contains("Answer in this language: de");
  }

  @Test
  void remembersTheConversationAndMakesAFollowUpStandAlone() {
    String collection =
        stack.documents.collectionOf("Herons eat fish.", "Yeast makes carbon dioxide.");
    stack.vllm.script(
        request ->
            request.path("stream").asBoolean()
                ? FakeVllm.Reply.of("Yeast does it.")
                : FakeVllm.Reply.of("What gas does yeast make?"));
    Map<String, Object> first = Client.request("What makes dough rise?");
    first.put("session_id", "s1");
    first.put("collection", collection);
    client.ask(first);
    Map<String, Object> second = Client.request("And what gas does it make?");
    second.put("session_id", "s1");
    second.put("collection", collection);
    second.put("top_k", 1);

    Asked asked = client.ask(second);

    JsonNode messages = lastRequestWith("And what gas does it make?").path("messages");
    assertThat(messages)
        .extracting(
            message -> message.path("role").asText() + ": " + message.path("content").asText())
        .endsWith(
            "user: What makes dough rise?",
            "assistant: Yeast does it.",
            "user: And what gas does it make?");
    assertThat(asked.sources().get(0)).containsEntry("text", "Yeast makes carbon dioxide.");
  }

  @Test
  void keepsConversationsOfOtherUsersAndSessionsApart() {
    client.ask(Client.request("My secret is 42."));
    Map<String, Object> otherSession = Client.request("Another session asks");
    otherSession.put("session_id", "other");
    client.ask(otherSession);
    Map<String, Object> otherUser = Client.request("Another user asks");
    otherUser.put("session_id", client.user);
    new Client(stack.nats).ask(otherUser);

    assertThat(lastRequestWith("Another session asks").toString()).doesNotContain("secret");
    assertThat(lastRequestWith("Another user asks").toString()).doesNotContain("secret");
  }

  @Test
  void treatsTemplateCodeInMessagesAndDocumentsAsText() {
    String collection =
        stack.documents.collectionOf(
            "Mustache tags such as {{language}} stay {{{sources}}} as they are.");
    Map<String, Object> request =
        Client.request("{{#sources}}{{text}}{{/sources}} ${body} {{chat.workers}}");
    request.put("collection", collection);

    client.ask(request);

    assertThat(lastRequestWith("${body}").path("messages").path(1).path("content").asText())
        .isEqualTo(request.get("message"));
    assertThat(systemPromptFor(request))
        .contains("such as {{language}} stay {{{sources}}} as they are.");
  }

  private JsonNode lastRequestWith(String text) {
    List<JsonNode> found =
        stack.vllm.requests().stream()
            .filter(request -> request.path("stream").asBoolean())
            .filter(request -> request.toString().contains(text))
            .toList();
    return found.get(found.size() - 1);
  }

  private String systemPromptFor(Map<String, Object> request) {
    String message = (String) request.get("message");
    return stack.vllm.requests().stream()
        .map(sent -> sent.path("messages"))
        .filter(sent -> message.equals(sent.path(sent.size() - 1).path("content").asText()))
        .map(sent -> sent.path(0).path("content").asText())
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }
}
