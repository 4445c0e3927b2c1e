package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llmroutes.local.fake.FakeSpeech;
import org.llmroutes.local.fake.FakeSpeech.Sound;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** Without a voice the answer can be read; without ears there is none; bad audio is refused. */
class VoiceFailureTest {
  private static final byte[] SLICE = {0x1f, 0x43, (byte) 0xb6, 0x75, 0, 0, 0, 0};

  private final Stack stack = Stack.shared();
  private final Client client = Client.ofVoice(stack.nats);

  @BeforeEach
  void everythingWorks() {
    stack.vllm.script(request -> Reply.of("The first is said. The second is not. The third is."));
    stack.speech.voice(text -> Sound.PLAIN);
    stack.speech.ear(Sound.PLAIN);
  }

  @Test
  void theAnswerComesInTextWithoutAVoice() {
    stack.speech.voice(text -> Sound.failing(503));

    Asked asked = client.ask(Client.voiceRequest("Can you speak?"));

    assertThat(asked.response())
        .containsEntry("success", true)
        .containsEntry("degraded", List.of("tts"))
        .doesNotContainKeys("audio", "audio_ref");
    assertThat(asked.text()).isEqualTo("The first is said. The second is not. The third is.");
    assertThat(asked.streamed()).isEqualTo(asked.text());
  }

  @Test
  void aSentenceThatTheVoiceRefusesIsLeftOut() {
    stack.speech.voice(text -> text.contains("second") ? Sound.failing(400) : Sound.PLAIN);

    Asked asked = client.ask(Client.voiceRequest("Can you speak?"));

    assertThat(asked.degraded()).isEqualTo(List.of("tts"));
    assertThat(FakeSpeech.text((byte[]) asked.response().get("audio")))
        .isEqualTo("The first is said.The third is.");
    assertThat(asked.chunks("audio"))
        .extracting(piece -> piece.get("end"))
        .containsExactly(19, asked.text().length());
  }

  @Test
  void nobodyIsHeardWithoutEars() {
    stack.speech.ear(Sound.failing(503));
    Map<String, Object> request = Client.voiceRequest("Can you hear me?");
    request.put("timeout_ms", 3000);

    assertThat(client.ask(request).error()).containsEntry("code", "unavailable");
  }

  @Test
  void earsThatComeBackInTimeHearTheQuestion() {
    stack.speech.ear(Sound.failing(503));
    int before = stack.speech.transcriptions();
    CompletableFuture<Asked> asked =
        CompletableFuture.supplyAsync(
            () -> client.ask(Client.voiceRequest("Can you hear me?")),
            task -> new Thread(task).start());
    await().until(() -> stack.speech.transcriptions() > before + 2);

    stack.speech.ear(Sound.PLAIN);

    assertThat(asked.join().response())
        .containsEntry("success", true)
        .containsEntry("transcription", "Can you hear me?");
  }

  @Test
  void whatTheEarsRefuseIsRejectedAndKept() {
    stack.speech.ear(Sound.failing(400));
    Map<String, Object> request = Client.voiceRequest("Can you hear me?");

    try (DeadLetters letters = new DeadLetters(stack.nats, "voice")) {
      Asked asked = client.ask(request);

      assertThat(asked.error()).containsEntry("code", "rejected");
      assertThat(letters.next().getData()).isEqualTo(Client.pack(request));
    }
  }

  @Test
  void nothingIsSaidAfterTheErrorOfTheModel() throws Exception {
    stack.vllm.script(request -> Reply.of("This is said. This is late. ", "And").cutAfter(1));
    stack.speech.voice(text -> Sound.after(Duration.ofMillis(300)));
    Map<String, Object> request = Client.voiceRequest("Can you finish?");

    Asked asked = client.ask(request);

    assertThat(asked.error()).containsEntry("code", "unavailable");
    // whose voice takes as long
    stack.vllm.script(reply -> Reply.of("Still there."));
    client.ask(Client.voiceRequest("Still there?"));
    byte[] last =
        stack
            .nats
            .jetStreamManagement()
            .getLastMessage("AI_STREAMS", "ai.voice.response.stream." + request.get("request_id"))
            .getData();
    assertThat(Client.read(last, "voice-stream-chunk")).containsEntry("type", "error");
  }

  @Test
  void theTimeOfTheRequestHoldsForTheEarsToo() {
    stack.speech.ear(Sound.after(Duration.ofSeconds(30)));
    Map<String, Object> request = Client.voiceRequest("Can you hear me?");
    request.put("timeout_ms", 300);

    assertThat(client.ask(request).error()).containsEntry("code", "timeout");
  }

  @Test
  void aVoiceThatTakesTooLongIsDoneWithout() {
    stack.speech.voice(text -> Sound.after(Duration.ofSeconds(30)));
    Map<String, Object> request = Client.voiceRequest("Can you speak?");
    request.put("timeout_ms", 1500);

    Asked asked = client.ask(request);

    assertThat(asked.degraded()).isEqualTo(List.of("tts"));
    assertThat(asked.text()).isEqualTo("The first is said. The second is not. The third is.");
  }

  @Test
  void aReplayedDeadLetterIsAnswered(@TempDir Path folder) throws Exception {
    stack.speech.ear(Sound.failing(400));
    Map<String, Object> request = Client.voiceRequest("Can you hear me?");
    String id = (String) request.get("request_id");
    String letter;
    try (DeadLetters letters = new DeadLetters(stack.nats, "voice")) {
      client.ask(request);
      letter = Long.toString(letters.next().metaData().streamSequence());
    }
    // what is not settled yet is not replayed
    new DeadLetters(stack.nats, "voice").close();
    stack.speech.ear(Sound.PLAIN);

    Asked again =
        client.listen(
            id,
            () ->
                assertThat(
                        new ProductCommand(folder, stack.environment, Map.of())
                            .run("dlq", "replay", letter)
                            .output())
                    .contains("1 replayed"));

    assertThat(again.response()).containsEntry("transcription", "Can you hear me?");
    assertThat(again.text()).startsWith("The first is said.");
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        a("no audio", "invalid_message", request -> request.remove("audio")),
        a("empty", "invalid_message", request -> request.put("audio", new byte[0])),
        a("noise", "invalid_message", request -> request.put("audio", new byte[100])),
        a("text", "invalid_message", request -> request.put("audio", "RIFF")),
        a("a slice without its header", "invalid_message", request -> request.put("audio", SLICE)),
        a("a format nobody knows", "invalid_message", request -> request.put("format", "au")),
        a("both", "invalid_message", request -> request.put("audio_ref", "a/b")),
        a(
            "a missing object",
            "invalid_message",
            request -> {
              request.remove("audio");
              request.put("audio_ref", "{user}/nothing");
            }),
        a(
            "another user's object",
            "rejected",
            request -> {
              request.remove("audio");
              request.put("audio_ref", "somebody/else");
            }));
  }

  private static Arguments a(String what, String code, Consumer<Map<String, Object>> change) {
    return Arguments.of(what, code, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void refused(String what, String code, Consumer<Map<String, Object>> change) {
    Map<String, Object> request = Client.voiceRequest("Is this right?");
    change.accept(request);
    request.computeIfPresent(
        "audio_ref", (field, ref) -> ref.toString().replace("{user}", client.user));
    int heard = stack.speech.transcriptions();

    Asked asked = client.ask(request);

    assertThat(asked.error()).as(what).containsEntry("code", code);
    assertThat(stack.speech.transcriptions()).isEqualTo(heard);
  }
}
