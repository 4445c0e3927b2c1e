package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.config.Settings;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeSpeech;
import org.llmroutes.local.fake.FakeSpeech.Sound;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.platform.Platform;

/** XTTS speaks one sentence at a time, wants a language, and writes its header before the sound. */
class VoiceXttsTest {
  private static Stack stack;

  private final Client client = Client.ofVoice(stack.nats);

  @BeforeAll
  static void start() throws Exception {
    stack = new Stack();
    stack.platform.close();
    stack.environment.put("TTS_PROTOCOL", "xtts");
    stack.platform = new Platform(Settings.load(Project.root(), stack.environment));
    stack.platform.start();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @BeforeEach
  void everythingWorks() {
    stack.vllm.script(
        request -> Reply.of("Das ist ein Satz. ", "Das ist noch ein Satz. Und ", "Schluss."));
    stack.speech.voice(text -> Sound.PLAIN);
    stack.speech.understand(text -> Map.of("text", text, "language", "german"));
  }

  @ParameterizedTest
  @CsvSource({
    "german,'',de",
    "de,'',de",
    "german,en,en",
    "chinese,'',zh-cn",
    "english,zh-TW,zh-cn",
    "klingon,'',en",
    "'',pt-BR,pt",
    "'',DE,de"
  })
  void speaksTheLanguageThatWasHeardOrAskedFor(String heard, String wanted, String spoken) {
    stack.speech.understand(text -> Map.of("text", text, "language", heard));
    stack.speech.languages().clear();
    Map<String, Object> request = Client.voiceRequest("Was fressen Graureiher?");
    if (!wanted.isEmpty()) {
      request.put("language", wanted);
    }

    assertThat(client.ask(request).degraded()).isEmpty();

    assertThat(stack.speech.languages()).isNotEmpty().containsOnly(spoken);
  }

  @Test
  void everyPieceAndTheWholeSayHowLongTheyAre() throws Exception {
    Asked asked = client.ask(Client.voiceRequest("Was fressen Graureiher?"));

    List<Map<String, Object>> pieces = asked.chunks("audio");
    long frames = 0;
    for (Map<String, Object> piece : pieces) {
      frames += frames((byte[]) piece.get("audio"));
    }
    assertThat(pieces).hasSizeGreaterThan(1);
    assertThat(frames((byte[]) asked.response().get("audio"))).isEqualTo(frames).isPositive();
  }

  private static long frames(byte[] wav) throws Exception {
    return AudioSystem.getAudioInputStream(new ByteArrayInputStream(wav)).getFrameLength();
  }

  @Test
  void oneSentenceAtATimeOfAllTurns() {
    stack.speech.voice(text -> Sound.after(Duration.ofMillis(50)));
    CompletableFuture<Asked> other =
        CompletableFuture.supplyAsync(
            () -> Client.ofVoice(stack.nats).ask(Client.voiceRequest("Und was noch?")),
            asking -> new Thread(asking).start());

    Asked asked = client.ask(Client.voiceRequest("Was fressen Graureiher?"));

    for (Asked turn : List.of(asked, other.join())) {
      assertThat(turn.degraded()).isEmpty();
      assertThat(FakeSpeech.text((byte[]) turn.response().get("audio")))
          .isEqualTo("Das ist ein Satz.Das ist noch ein Satz.Und Schluss.");
    }
    assertThat(stack.speech.mostSpeaking()).isEqualTo(1);
  }

  @Test
  void noPieceIsLongerThanXttsTakes() {
    stack.vllm.script(request -> Reply.of("他说今天的天气很好，我们一起去公园散步吧，".repeat(8)));
    stack.speech.understand(text -> Map.of("text", text, "language", "chinese"));

    Asked asked = client.ask(Client.voiceRequest("天气怎么样？"));

    assertThat(asked.chunks("audio"))
        .extracting(piece -> piece.get("text").toString())
        .hasSizeGreaterThan(2)
        .allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(82).endsWith("，"));
    assertThat(asked.degraded()).isEmpty();
  }
}
