package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.fake.FakeSpeech;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.tests.Load.Turn;

/** Nothing of a turn stays behind. */
class MemoryTest {
  private static final int TURNS = 3000;

  private final Servers servers = new Servers();

  @AfterEach
  void stop() {
    servers.close();
  }

  /** All turns together have three times the memory that an instance may use. */
  @Test
  void livesInLittleMemory() throws Exception {
    servers.vllm.script(
        new Answers() {
          @Override
          protected Reply reply(String requestId, int generation) {
            return super.reply(requestId, generation).every(0);
          }
        });
    Map<String, Object> options = Map.of("enable_rag", false, "ignored", "x".repeat(100_000));
    try (Instance instance = new Instance(servers);
        Load load = new Load(servers.nats, 24, options)) {
      instance.start();
      load.awaitFurtherAnswers(TURNS);
      List<Turn> turns = load.stop();

      assertThat(instance.isAlive()).isTrue();
      Aftermath aftermath = new Aftermath(servers, turns);
      aftermath.everyRequestHasOneGoodResponse();
      aftermath.everyConversationHasEachTurnOnce();
      aftermath.nothingIsLeft();
    }
  }

  /**
   * As many long questions as it works on at once and more, in the memory that it has by default.
   */
  @Test
  void hearsLongQuestions() throws Exception {
    servers.speech.ear(FakeSpeech.Sound.after(Duration.ofSeconds(1)));
    byte[] question = FakeSpeech.wav("How long is this?" + "\0".repeat(7_500_000));
    ExecutorService speakers = Executors.newFixedThreadPool(16);
    try (Instance instance = new Instance(servers, "")) {
      instance.start();
      instance.awaitReady();
      List<Future<Asked>> answers = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        answers.add(
            speakers.submit(
                () -> {
                  Map<String, Object> request = Client.voiceRequest("");
                  request.put("audio", question);
                  return Client.ofVoice(servers.nats).ask(request);
                }));
      }

      for (Future<Asked> answer : answers) {
        assertThat(answer.get().response()).containsEntry("transcription", "How long is this?");
      }
      assertThat(instance.isAlive()).isTrue();
    } finally {
      speakers.shutdownNow();
    }
  }
}
