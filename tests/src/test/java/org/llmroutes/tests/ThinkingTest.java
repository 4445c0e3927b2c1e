package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llmroutes.local.fake.FakeSpeech.Sound;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** Models that think before they answer, and say so in the text of their answer. */
class ThinkingTest {
  private static final String THOUGHT = "This is about herons.";
  private static final List<String> MARKED =
      List.of(
          "<thi", "nk>\n", THOUGHT, " Source one.\n", "</think>", "\n\n", "Herons ", "eat fish.");
  private static final List<String> OPENED_BY_TEMPLATE = MARKED.subList(2, MARKED.size());

  private final Stack stack = Stack.shared();
  private final Client client = new Client(stack.nats);

  /** What is known of one model must not matter to another test. */
  private final String model = "thinker-" + UUID.randomUUID();

  static Stream<List<String>> thinking() {
    return Stream.of(MARKED, OPENED_BY_TEMPLATE);
  }

  private Map<String, Object> request(String message) {
    Map<String, Object> request = Client.request(message);
    request.put("model", model);
    return request;
  }

  private static Reply reply(List<String> tokens) {
    return Reply.of(tokens.toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("thinking")
  void thoughtsAreNeitherAnswerNorHistoryNorSearchedFor(List<String> answer) {
    String collection =
        stack.documents.collectionOf("Herons eat fish.", THOUGHT + " So I thought.");
    stack.vllm.script(
        request -> reply(request.path("stream").asBoolean() ? answer : MARKED.subList(0, 4)));
    for (String question : List.of("What do herons eat?", "What fish do they eat?")) {
      Map<String, Object> request = request(question);
      request.put("collection", collection);
      request.put("top_k", 1);

      Asked asked = client.ask(request);

      assertThat(asked.response()).containsEntry("success", true);
      assertThat(asked.text()).isEqualTo("Herons eat fish.").isEqualTo(asked.streamed());
      assertThat(asked.degraded()).isEmpty();
      assertThat(asked.sources().get(0)).containsEntry("text", "Herons eat fish.");
      assertThat(asked.chunks("thought")).as("off by default").isEmpty();
    }
    assertThat(asked().get(asked().size() - 1).path("messages").toString())
        .contains("Herons eat fish.")
        .doesNotContain(THOUGHT);
  }

  /** Of an unknown model what came before the tag is taken back; of a known one it is held. */
  @Test
  void aTagThatTheTemplateOpenedIsLearnt() throws Exception {
    CountDownLatch published = new CountDownLatch(1);
    stack.vllm.script(request -> reply(OPENED_BY_TEMPLATE).pauseAfter(1, published));

    Asked first =
        client.ask(request("What do herons eat?"), Client.at("token", published::countDown));
    Asked second = client.ask(request("What do they eat?"));

    assertThat(first.chunks("start"))
        .extracting(chunk -> chunk.get("attempt"))
        .containsExactly(1, 2);
    assertThat(second.chunks("start")).hasSize(1);
    assertThat(second.streamed()).isEqualTo("Herons eat fish.");
  }

  @Test
  void thoughtsAreNotSpoken() {
    stack.speech.voice(text -> Sound.PLAIN);
    stack.speech.ear(Sound.PLAIN);
    stack.vllm.script(request -> reply(MARKED));
    Map<String, Object> request = Client.voiceRequest("What do herons eat?");
    request.put("model", model);

    Asked asked = Client.ofVoice(stack.nats).ask(request);

    assertThat(asked.chunks("audio"))
        .extracting(chunk -> chunk.get("text"))
        .containsExactly("Herons eat fish.");
    assertThat(stack.speech.spoken()).noneMatch(text -> text.contains(THOUGHT));
  }

  @Test
  void thoughtsAloneAreNoSuccess() {
    stack.vllm.script(request -> reply(MARKED.subList(0, 4)));

    Asked asked = client.ask(request("What do herons eat?"));

    assertThat(asked.error()).containsEntry("code", "unavailable");
    assertThat((String) asked.error().get("message")).contains("ended without an answer");
  }

  @Test
  void thoughtsAreStreamedWhereTheSettingSaysSo() {
    try (Stack telling = new Stack(Map.of("TURN_THOUGHTS", "true"))) {
      telling.vllm.script(request -> reply(MARKED));

      Asked asked = new Client(telling.nats).ask(Client.request("What do herons eat?"));

      assertThat(asked.text()).isEqualTo("Herons eat fish.").isEqualTo(asked.streamed());
      assertThat(
              asked.chunks("thought").stream()
                  .map(chunk -> (String) chunk.get("content"))
                  .collect(Collectors.joining()))
          .isEqualTo("\n" + THOUGHT + " Source one.\n");
      assertThat(asked.types()).containsExactly("start", "sources", "thought", "token", "done");
    }
  }

  private List<JsonNode> asked() {
    return stack.vllm.requests().stream()
        .filter(request -> request.path("stream").asBoolean())
        .filter(request -> model.equals(request.path("model").asText()))
        .toList();
  }
}
