package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.fake.FakeSpeech;
import org.llmroutes.local.fake.FakeSpeech.Sound;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** A voice that is interrupted is silent at once, and remembers where it was. */
class VoiceCancelTest {
  private final Stack stack = Stack.shared();
  private final Client client = Client.ofVoice(stack.nats);

  @BeforeEach
  void talksWithoutEnd() {
    List<String> tokens = new ArrayList<>();
    tokens.add("The first sentence is said. ");
    tokens.add("The second one too. ");
    tokens.add("The third ");
    tokens.addAll(Collections.nCopies(3000, "goes on "));
    stack.vllm.script(request -> Reply.of(tokens.toArray(String[]::new)).every(20_000));
    stack.speech.voice(text -> Sound.PLAIN);
    stack.speech.ear(Sound.PLAIN);
  }

  @Test
  void aCancelEndsItWithWhatWasSaid() throws Exception {
    int abandoned = stack.vllm.abandoned();
    Map<String, Object> request = Client.voiceRequest("Tell me a story");

    Asked asked = cancelledAfter(request, 2);

    assertThat(asked.response())
        .containsEntry("success", true)
        .containsEntry("finish_reason", "cancelled")
        .containsEntry("transcription", "Tell me a story");
    assertThat(asked.text()).startsWith("The first sentence is said. The second one too. ");
    assertThat(FakeSpeech.text((byte[]) asked.response().get("audio")))
        .isEqualTo("The first sentence is said.The second one too.");
    assertThat(asked.chunks("audio")).hasSize(2);
    await().untilAsserted(() -> assertThat(stack.vllm.abandoned()).isGreaterThan(abandoned));
  }

  @Test
  void theConversationKeepsWhatWasSpokenAndNoMore() throws Exception {
    cancelledAfter(Client.voiceRequest("Tell me a story"), 2);

    assertThat(rememberedBy(client))
        .contains("The first sentence is said. The second one too.", "stopped by the user")
        .doesNotContain("The third");
  }

  @Test
  void theConversationKeepsWhatTheClientSaysWasHeard() throws Exception {
    Map<String, Object> request = Client.voiceRequest("Tell me a story");
    String id = (String) request.get("request_id");

    client.ask(request, Client.at("audio", () -> cancel(id, "The first".length())));

    assertThat(rememberedBy(client)).contains("The first [stopped").doesNotContain("sentence is");
  }

  @Test
  void whatWasWrittenButNotHeardIsForgottenAfterTheEndToo() throws Exception {
    stack.vllm.script(request -> Reply.of("All of this is written. None of that is heard."));
    Map<String, Object> request = Client.voiceRequest("Tell me a story");
    client.ask(request);

    cancel((String) request.get("request_id"), "All of this is written.".length());

    await()
        .untilAsserted(
            () ->
                assertThat(rememberedBy(client))
                    .contains("All of this is written. [stopped")
                    .doesNotContain("None of that"));
  }

  @Test
  void anInterruptionCancelsTheTurnBeforeItOfTheSameSession() throws Exception {
    Map<String, Object> first = Client.voiceRequest("Tell me a story");
    Map<String, Object> second = Client.voiceRequest("Stop! What time is it?");
    second.put("interrupt", true);
    CompletableFuture<Asked> interrupting = new CompletableFuture<>();

    Asked interrupted =
        client.ask(
            first,
            Client.at(
                "audio",
                () -> {
                  if (!interrupting.isDone()) {
                    stack.vllm.script(request -> Reply.of("It is late."));
                    interrupting.complete(client.ask(second));
                  }
                }));

    assertThat(interrupted.response()).containsEntry("finish_reason", "cancelled");
    assertThat(interrupting.join().text()).isEqualTo("It is late.");
    assertThat(lastPrompt()).contains("The first sentence is said.", "stopped by the user");
  }

  @Test
  void withoutInterruptBothAreAnswered() {
    stack.vllm.script(request -> Reply.of("Both are answered."));
    CompletableFuture<Asked> other =
        CompletableFuture.supplyAsync(
            () -> client.ask(Client.voiceRequest("One")), asking -> new Thread(asking).start());

    assertThat(client.ask(Client.voiceRequest("Two")).text()).isEqualTo("Both are answered.");
    assertThat(other.join().text()).isEqualTo("Both are answered.");
  }

  @Test
  void stopsWhileItListens() throws Exception {
    stack.speech.ear(Sound.after(Duration.ofSeconds(30)));
    Map<String, Object> request = Client.voiceRequest("This takes long");
    int heard = stack.speech.transcriptions();
    String id = (String) request.get("request_id");

    Asked asked =
        client.listen(
            id,
            () -> {
              client.send(client.user, Client.pack(request));
              await().until(() -> stack.speech.transcriptions() > heard);
              cancel(id, -1);
            });

    assertThat(asked.response())
        .containsEntry("finish_reason", "cancelled")
        .containsEntry("transcription", "")
        .containsEntry("response", "");
  }

  @Test
  void stopsWhileItSpeaks() throws Exception {
    stack.vllm.script(request -> Reply.of("Said at once. This one never gets said."));
    stack.speech.voice(
        text -> text.startsWith("This") ? Sound.after(Duration.ofSeconds(30)) : Sound.PLAIN);

    Asked asked = cancelledAfter(Client.voiceRequest("Tell me a story"), 1);

    assertThat(asked.response()).containsEntry("finish_reason", "cancelled");
    assertThat(FakeSpeech.text((byte[]) asked.response().get("audio"))).isEqualTo("Said at once.");
  }

  private Asked cancelledAfter(Map<String, Object> request, int pieces) throws Exception {
    String id = (String) request.get("request_id");
    int[] heard = new int[1];
    return client.ask(
        request,
        Client.at(
            "audio",
            () -> {
              if (++heard[0] == pieces) {
                cancel(id, -1);
              }
            }));
  }

  /** What a next question of the same user is answered from. */
  private String rememberedBy(Client speaker) {
    stack.vllm.script(request -> Reply.of("And so on."));
    Map<String, Object> next = Client.voiceRequest("Where were we?");
    speaker.ask(next);
    return lastPrompt();
  }

  private String lastPrompt() {
    List<?> requests = stack.vllm.requests();
    return requests.get(requests.size() - 1).toString();
  }

  private void cancel(String id, int spokenUntil) {
    stack.nats.publish(
        "ai.cancel." + id,
        spokenUntil < 0 ? new byte[0] : Client.pack(Map.of("spoken_until", spokenUntil)));
  }
}
