package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** A model whose context has no room for what it could be told. */
class SmallContextTest {
  private static final String REFUSAL =
      "This model's maximum context length is 512 tokens. However, your messages resulted in more.";

  private final Stack stack = Stack.shared();
  private final Client client = new Client(stack.nats);
  private final String model = "small-" + UUID.randomUUID();

  private Map<String, Object> request(String message) {
    Map<String, Object> request = Client.request(message);
    request.put("model", model);
    return request;
  }

  private static int characters(JsonNode request) {
    return request.path("messages").findValuesAsText("content").stream()
        .mapToInt(String::length)
        .sum();
  }

  private void roomFor(int characters, String answer, Reply otherwise) {
    stack.vllm.script(request -> characters(request) > characters ? otherwise : Reply.of(answer));
  }

  @Test
  void answersFromFewerSourcesAndSaysSo() {
    String collection =
        stack.documents.collectionOf(
            IntStream.range(0, 5)
                .mapToObj(i -> "Herons eat fish, frogs and insects. ".repeat(10) + i)
                .toArray(String[]::new));
    roomFor(1300, "Fish [1].", Reply.failing(400, REFUSAL));
    Map<String, Object> request = request("What do herons eat?");
    request.put("collection", collection);

    Asked asked = client.ask(request);

    assertThat(asked.response()).containsEntry("success", true).containsEntry("used_rag", true);
    assertThat(asked.degraded()).isEqualTo(List.of("sources"));
    assertThat(asked.sources()).hasSize(2);
    List<Map<String, Object>> told = asked.chunks("sources");
    assertThat(told.get(told.size() - 1))
        .containsEntry("sources", asked.sources())
        .containsEntry("attempt", asked.chunks("token").get(0).get("attempt"));
    String prompt = lastAsked().path("messages").toString();
    assertThat(asked.sources())
        .allSatisfy(source -> assertThat(prompt).contains((String) source.get("text")));
    assertThat(prompt).contains("[2]").doesNotContain("[3]");
  }

  @Test
  void aConversationGoesOnAlthoughItsHistoryOutgrowsTheContext() {
    String answer = "Herons eat fish. ".repeat(10);
    roomFor(900, answer, Reply.failing(500, REFUSAL));
    List<Object> degraded = new ArrayList<>();
    for (int turn = 0; turn < 6; turn++) {
      Map<String, Object> request = request("What do herons eat? " + turn);
      request.put("enable_rag", false);

      Asked asked = client.ask(request);

      assertThat(asked.text()).isEqualTo(answer);
      degraded.add(asked.degraded());
    }
    assertThat(degraded).startsWith(List.of()).endsWith(List.of("history"));
    assertThat(lastAsked().path("messages").toString()).contains("eat? 4").doesNotContain("eat? 1");
  }

  @Test
  void aFollowUpIsRewrittenFromWhatThereIsRoomFor() {
    String collection = stack.documents.collectionOf("Herons eat fish.", "Yeast makes gas.");
    String answer = "Herons eat fish. ".repeat(20);
    stack.vllm.script(
        request ->
            request.path("stream").asBoolean()
                ? Reply.of(answer)
                : characters(request) > 1000
                    ? Reply.failing(400, REFUSAL)
                    : Reply.of("What gas does yeast make?"));
    Asked asked = null;
    for (String question :
        List.of("Herons?", "Fish?", "Frogs?", "Eels?", "And what does it make?")) {
      Map<String, Object> request = request(question);
      request.put("collection", collection);
      request.put("top_k", 1);
      asked = client.ask(request);
    }
    assertThat(asked.degraded()).isEmpty();
    assertThat(asked.sources().get(0)).containsEntry("text", "Yeast makes gas.");
  }

  @Test
  void aMessageThatIsTooLongByItselfIsRefusedInWordsForItsUser() {
    roomFor(1000, "Never.", Reply.failing(400, REFUSAL));

    Asked asked = client.ask(request("Why? ".repeat(400)));

    assertThat(asked.error()).containsEntry("code", "rejected").containsEntry("retryable", false);
    assertThat((String) asked.error().get("message"))
        .startsWith("The message is too long for the language model")
        .contains("maximum context length is 512 tokens");
  }

  /** As LM Studio does where the prompt does not fit. */
  @Test
  void anAnswerOfNothingIsAskedForAgainWithLess() {
    String collection = stack.documents.collectionOf("Herons eat fish. ".repeat(60));
    roomFor(800, "Fish.", Reply.of());
    Map<String, Object> request = request("What do herons eat?");
    request.put("collection", collection);

    Asked asked = client.ask(request);

    assertThat(asked.text()).isEqualTo("Fish.");
    assertThat(asked.degraded()).isEqualTo(List.of("sources"));
    assertThat(asked.response()).containsEntry("used_rag", false);
  }

  private JsonNode lastAsked() {
    return stack.vllm.requests().stream()
        .filter(request -> model.equals(request.path("model").asText()))
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }
}
