package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A platform that is to have no speech services says so at once; all else works. */
class NoVoiceTest {
  private static Stack stack;

  @BeforeAll
  static void start() {
    stack = new Stack(Map.of("WHISPER_PROTOCOL", "none", "TTS_PROTOCOL", "none"));
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void aSpokenQuestionIsRefused() {
    Asked asked = Client.ofVoice(stack.nats).ask(Client.voiceRequest("Can you hear me?"));

    assertThat(asked.error())
        .containsEntry("code", "rejected")
        .containsEntry("message", "There is no whisper here (WHISPER_PROTOCOL is none)");
    assertThat(new Client(stack.nats).ask(Client.request("Can you read?")).response())
        .containsEntry("success", true);
  }

  @Test
  void soIsWhatIsToBeSpoken() throws Exception {
    GatewayClient.Answered answer =
        new GatewayClient(stack.environment, null)
            .post("/v1/audio/speech", Map.of("input", "One.", "model", "a", "voice", "b"));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.error())
        .containsEntry("message", "There is no tts here (TTS_PROTOCOL is none)");
  }
}
