package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.local.fake.FakeSpeech;
import org.llmroutes.local.fake.FakeSpeech.Sound;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** A spoken question comes back as speech, sentence by sentence. */
class VoiceTest {
  private static final String ANSWER =
      "Herons eat mostly fish [1]. They stand still, e.g. for minutes, and wait. Then they strike!";
  private static final List<String> SENTENCES =
      List.of(
          "Herons eat mostly fish.",
          "They stand still, e.g. for minutes, and wait.",
          "Then they strike!");

  private final Stack stack = Stack.shared();
  private final Client client = Client.ofVoice(stack.nats);

  @BeforeEach
  void everythingWorks() {
    stack.vllm.script(request -> Reply.of(ANSWER.split("(?<= )")));
    stack.speech.voice(text -> Sound.PLAIN);
    stack.speech.ear(Sound.PLAIN);
    stack.speech.understand(text -> Map.of("text", text));
  }

  @Test
  void answersWhatWasSaidByVoice() throws Exception {
    Asked asked = client.ask(Client.voiceRequest("What do herons eat?"));

    assertThat(asked.response())
        .containsEntry("success", true)
        .containsEntry("transcription", "What do herons eat?")
        .containsEntry("response", ANSWER)
        .containsEntry("finish_reason", "stop")
        .containsEntry("format", "wav")
        .containsEntry("sample_rate", 8000)
        .containsEntry("degraded", List.of());
    assertThat(said(asked)).isEqualTo(String.join("", SENTENCES));
    AudioFormat format =
        AudioSystem.getAudioInputStream(
                new ByteArrayInputStream((byte[]) asked.response().get("audio")))
            .getFormat();
    assertThat(format.getSampleRate()).isEqualTo(8000);
    assertThat(asked.timings()).containsKeys("stt", "llm", "tts", "first_audio", "total");
  }

  @Test
  void streamsTheTranscriptionTheTokensAndEachSentence() {
    Asked asked = client.ask(Client.voiceRequest("What do herons eat?"));

    assertThat(asked.streamed()).isEqualTo(ANSWER);
    assertThat(asked.chunks("transcription"))
        .extracting(chunk -> chunk.get("content"))
        .containsExactly("What do herons eat?");
    assertThat(asked.chunks()).extracting(chunk -> chunk.get("seq")).isEqualTo(upTo(asked));
    List<Map<String, Object>> pieces = asked.chunks("audio");
    assertThat(pieces)
        .extracting(piece -> FakeSpeech.text((byte[]) piece.get("audio")))
        .isEqualTo(SENTENCES);
    assertThat(pieces).extracting(piece -> piece.get("text")).isEqualTo(SENTENCES);
    assertThat(pieces)
        .extracting(piece -> ANSWER.substring(0, (int) piece.get("end")).strip())
        .containsExactly(
            "Herons eat mostly fish [1].",
            "Herons eat mostly fish [1]. They stand still, e.g. for minutes, and wait.",
            ANSWER);
  }

  @Test
  void speaksWhileTheAnswerIsStillWritten() throws Exception {
    CountDownLatch spoken = new CountDownLatch(1);
    int firstSentence = "Herons eat mostly fish [1]. They".split(" ").length;
    stack.vllm.script(
        request ->
            Reply.of(ANSWER.split("(?<= )")).every(100_000).pauseAfter(firstSentence, spoken));

    Asked asked =
        client.ask(
            Client.voiceRequest("What do herons eat?"), Client.at("audio", spoken::countDown));

    List<Object> types = new ArrayList<>(asked.chunks().stream().map(c -> c.get("type")).toList());
    assertThat(types.indexOf("audio")).isLessThan(types.lastIndexOf("token") - 3);
  }

  @Test
  void beginsToSpeakBeforeTheNextSentenceDoes() throws Exception {
    String first = "For " + client.user + " this is the first.";
    stack.vllm.script(request -> Reply.of(first, "Never.").hangAfter(1));
    Map<String, Object> request = Client.voiceRequest("What do herons eat?");
    String id = (String) request.get("request_id");

    client.listen(
        id,
        () -> {
          client.send(client.user, Client.pack(request));
          await().until(() -> stack.speech.spoken().contains(first));
          stack.nats.publish("ai.cancel." + id, new byte[0]);
        });
  }

  @Test
  void keepsTheOrderWhereALaterSentenceIsSpokenSooner() {
    stack.speech.voice(
        text -> text.startsWith("Herons") ? Sound.after(Duration.ofMillis(400)) : Sound.PLAIN);

    Asked asked = client.ask(Client.voiceRequest("What do herons eat?"));

    assertThat(asked.chunks("audio")).extracting(piece -> piece.get("text")).isEqualTo(SENTENCES);
    assertThat(said(asked)).isEqualTo(String.join("", SENTENCES));
  }

  @Test
  void answersInTextWhereNoMoreIsWanted() {
    Map<String, Object> request = Client.voiceRequest("Write it down");
    request.put("text_only", true);
    int before = stack.speech.spoken().size();

    Asked asked = client.ask(request);

    assertThat(asked.text()).isEqualTo(ANSWER);
    assertThat(asked.response()).doesNotContainKeys("audio", "audio_ref", "format");
    assertThat(asked.chunks("audio")).isEmpty();
    assertThat(stack.speech.spoken()).hasSize(before);
    assertThat(asked.timings()).doesNotContainKeys("tts", "first_audio");
  }

  @Test
  void goesOnWithTheConversationAndSearchesAsChatDoes() {
    String collection =
        stack.documents.collectionOf("Herons eat fish.", "Yeast makes carbon dioxide.");
    Map<String, Object> request = Client.voiceRequest("What do herons eat?");
    request.put("enable_rag", true);
    request.put("collection", collection);
    Asked first = client.ask(request);
    client.ask(Client.voiceRequest("And where do they live?"));

    assertThat(first.sources().get(0)).containsEntry("text", "Herons eat fish.");
    assertThat(first.chunks("sources")).hasSize(1);
    assertThat(lastPrompt()).contains("What do herons eat?", "And where do they live?");
  }

  @Test
  void hasAFriendlyAnswerToSilence() {
    int asked = stack.vllm.requests().size();

    Asked silent = client.ask(Client.voiceRequest(" "));

    assertThat(silent.response()).containsEntry("transcription", "").containsEntry("success", true);
    assertThat(silent.text())
        .isEqualTo("I could not hear anything. Could you say that again, please?");
    assertThat(silent.streamed()).isEqualTo(silent.text());
    assertThat(said(silent)).startsWith("I could not hear anything.");
    assertThat(stack.vllm.requests()).hasSize(asked);
    client.ask(Client.voiceRequest("Now you can hear me"));
    assertThat(lastPrompt()).doesNotContain("could not hear");
  }

  @Test
  void doesNotAnswerWhatWhisperMakesOfSilence() {
    int asked = stack.vllm.requests().size();
    Map<String, Object> click = Client.voiceRequest("");
    click.put("audio", silence(100));
    stack.speech.understand(text -> Map.of("text", "Thank you for watching!"));
    Asked first = client.ask(click);
    Map<String, Object> noise = Client.voiceRequest("This is noise.");
    stack.speech.understand(
        text -> Map.of("text", "The end.", "segments", List.of(Map.of("no_speech_prob", 0.95))));
    Asked second = client.ask(noise);

    for (Asked turn : List.of(first, second)) {
      assertThat(turn.response()).containsEntry("transcription", "").containsEntry("success", true);
      assertThat(turn.text()).startsWith("I could not hear anything.");
      assertThat(turn.timings()).containsKey("stt").doesNotContainKey("llm");
    }
    assertThat(stack.vllm.requests()).hasSize(asked);
  }

  @Test
  void doesNotAskWhisperWhereThereIsNothingToHear() {
    int heard = stack.speech.transcriptions();
    Map<String, Object> request = Client.voiceRequest("");
    request.put("audio", silence(0));

    Asked asked = client.ask(request);

    assertThat(asked.response()).containsEntry("transcription", "").containsEntry("success", true);
    assertThat(stack.speech.transcriptions()).isEqualTo(heard);
  }

  /** A second of it, after so many samples of a click. */
  private static byte[] silence(int click) {
    byte[] wav = FakeSpeech.wav(" ".repeat(8000));
    Arrays.fill(wav, wav.length - 8000 + click, wav.length, (byte) 128);
    return wav;
  }

  @ParameterizedTest
  @ValueSource(strings = {"mp3", "audio/webm;codecs=opus", "M4A", ""})
  void takesTheAudioForWhatItIs(String format) {
    Map<String, Object> request = Client.voiceRequest("What do herons eat?");
    request.put("format", format);

    assertThat(client.ask(request).response())
        .containsEntry("transcription", "What do herons eat?");
  }

  @Test
  void takesAndGivesLargeAudioByReference() throws Exception {
    Map<String, Object> request = Client.voiceRequest("What do herons eat?");
    String ref = client.user + "/" + request.get("request_id");
    stack.nats.objectStore("ai-audio").put(ref, (byte[]) request.remove("audio"));
    request.put("audio_ref", ref);
    stack.speech.voice(text -> Sound.withSilence(text.startsWith("They") ? 6_500_000 : 1_500_000));

    Asked asked = client.ask(request);

    assertThat(asked.response())
        .containsEntry("transcription", "What do herons eat?")
        .containsEntry("audio_ref", ref + ".answer")
        .doesNotContainKey("audio");
    assertThat(FakeSpeech.text(stored(ref + ".answer"))).isEqualTo(String.join("", SENTENCES));
    List<Map<String, Object>> pieces = asked.chunks("audio");
    assertThat(pieces)
        .extracting(piece -> piece.containsKey("audio"))
        .containsExactly(true, false, true);
    assertThat(FakeSpeech.text(stored((String) pieces.get(1).get("audio_ref"))))
        .isEqualTo(SENTENCES.get(1));
  }

  @Test
  void beginsToSpeakAgainWhereTheModelDoes() {
    stack.vllm.script(
        request ->
            stack.vllm.requests().size() % 2 == 0
                ? Reply.of(ANSWER.split("(?<= )"))
                : Reply.of("This one breaks off. It does so ", "here and now").cutAfter(1));
    if (stack.vllm.requests().size() % 2 == 1) {
      client.ask(Client.voiceRequest("Make it even"));
    }

    Asked asked = client.ask(Client.voiceRequest("What do herons eat?"));

    assertThat(asked.text()).isEqualTo(ANSWER);
    assertThat(said(asked)).isEqualTo(String.join("", SENTENCES));
    assertThat(
            asked.chunks("audio").stream()
                .filter(piece -> piece.get("attempt").equals(2))
                .map(piece -> piece.get("text")))
        .containsExactlyElementsOf(SENTENCES);
    assertThat(asked.chunks("transcription"))
        .extracting(chunk -> chunk.get("attempt"))
        .containsExactly(1, 2);
  }

  @Test
  void tenVoicesDoNotMix() {
    stack.vllm.script(
        request -> {
          String question = request.path("messages").path(1).path("content").asText();
          return Reply.of("You asked: ", question, " That is my answer to ", question).every(3000);
        });
    List<CompletableFuture<Asked>> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Client speaker = Client.ofVoice(stack.nats);
      String words = "Who is number " + i + " of us?";
      all.add(
          CompletableFuture.supplyAsync(
              () -> speaker.ask(Client.voiceRequest(words)), Executors.newCachedThreadPool()));
    }

    for (int i = 0; i < 10; i++) {
      String words = "Who is number " + i + " of us?";
      Asked asked = all.get(i).join();
      assertThat(asked.response()).containsEntry("transcription", words);
      assertThat(said(asked)).isEqualTo("You asked: " + words + "That is my answer to " + words);
    }
  }

  @Test
  void repeatsTheAnswerOfACopyAndAsksNobodyAgain() {
    Map<String, Object> request = Client.voiceRequest("Once and for all?");
    Asked first = client.ask(request);
    int generated = stack.vllm.requests().size();
    int spoken = stack.speech.spoken().size();

    Asked again = client.ask(request);

    assertThat(again.response()).usingRecursiveComparison().isEqualTo(first.response());
    assertThat(stack.vllm.requests()).hasSize(generated);
    assertThat(stack.speech.spoken()).hasSize(spoken);
  }

  @Test
  void speaksNoMoreSentencesAtOnceThanConfigured() {
    stack.vllm.script(request -> Reply.of("This is a whole sentence. ".repeat(8)));
    stack.speech.voice(text -> Sound.after(Duration.ofMillis(50)));

    client.ask(Client.voiceRequest("Talk a lot"));

    assertThat(stack.speech.mostSpeaking()).isEqualTo(2);
  }

  private byte[] stored(String name) throws Exception {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    stack.nats.objectStore("ai-audio").get(name, bytes);
    return bytes.toByteArray();
  }

  private String lastPrompt() {
    List<?> requests = stack.vllm.requests();
    return requests.get(requests.size() - 1).toString();
  }

  private static String said(Asked asked) {
    return FakeSpeech.text((byte[]) asked.response().get("audio"));
  }

  private static List<Object> upTo(Asked asked) {
    List<Object> numbers = new ArrayList<>();
    for (int i = 0; i < asked.chunks().size(); i++) {
      numbers.add(i);
    }
    return numbers;
  }
}
