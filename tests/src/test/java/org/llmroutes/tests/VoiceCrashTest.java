package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.fake.FakeSpeech;
import org.llmroutes.local.fake.FakeSpeech.Sound;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** Voice stands on the machinery of chat: a crash in the middle of a sentence loses nothing. */
class VoiceCrashTest {
  private static final int VOICES = 6;
  private static final int KILLS = 3;

  private final Servers servers = new Servers();
  private final ExecutorService speakers = Executors.newFixedThreadPool(VOICES);

  @BeforeEach
  void redeliverSoon() throws Exception {
    Redelivery.after(Duration.ofSeconds(2), servers.nats, "AI_VOICE", "voice-assistant");
  }

  @AfterEach
  void stop() {
    speakers.shutdownNow();
    servers.close();
  }

  @Test
  void everyVoiceIsAnsweredOnceAndRemembered() throws Exception {
    servers.vllm.script(request -> Reply.of("You said this: ", lastOf(request), " And so it is."));
    servers.speech.voice(text -> Sound.after(Duration.ofMillis(200)));
    List<Client> clients = new ArrayList<>();
    List<Map<String, Object>> requests = new ArrayList<>();
    List<Future<Asked>> answers = new ArrayList<>();
    try (Instance instance = new Instance(servers)) {
      instance.start();
      instance.awaitReady();
      for (int i = 0; i < VOICES; i++) {
        Client client = Client.ofVoice(servers.nats);
        Map<String, Object> request = Client.voiceRequest("This is voice number " + i + ".");
        clients.add(client);
        requests.add(request);
        answers.add(speakers.submit(() -> client.ask(request)));
      }
      for (int kill = 0; kill < KILLS; kill++) {
        int before = servers.speech.spoken().size();
        await()
            .until(
                () ->
                    servers.speech.spoken().size() > before
                        || answers.stream().allMatch(Future::isDone));
        instance.kill();
        instance.start();
      }
      for (int i = 0; i < VOICES; i++) {
        String words = "This is voice number " + i + ".";
        Asked asked = answers.get(i).get();
        assertThat(asked.response()).containsEntry("transcription", words);
        assertThat(FakeSpeech.text((byte[]) asked.response().get("audio")))
            .isEqualTo("You said this: " + words + "And so it is.");
        String subject = "ai.voice.response." + requests.get(i).get("request_id");
        assertThat(servers.stored("AI_RESPONSES", subject)).isOne();
        clients.get(i).ask(Client.voiceRequest("And now?"));
        assertThat(lastPrompt().split(words, -1)).as("question and answer, once each").hasSize(3);
      }
    }
  }

  private static String lastOf(JsonNode request) {
    JsonNode messages = request.path("messages");
    return messages.path(messages.size() - 1).path("content").asText();
  }

  private String lastPrompt() {
    List<JsonNode> requests = servers.vllm.requests();
    return requests.get(requests.size() - 1).toString();
  }
}
