package org.llmroutes.speech;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.http.Deadline;
import org.llmroutes.local.ai.JsonServer;
import org.llmroutes.speech.TextToSpeechContractTest.Protocol;
import org.llmroutes.testing.ScriptedService;

/** OpenAI's API requires a voice, and not every service of that API knows the usual one. */
class DefaultVoiceTest {
  private final ScriptedService service = Protocol.OPENAI.service();

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void aServiceThatDoesNotKnowThatVoiceIsAskedWithout() {
    TextToSpeech tts = HttpTextToSpeech.of(service.settings());
    Utterance utterance = new Utterance("Hello", "", "", AudioFormat.WAV);
    service.failing(
        exchange -> JsonServer.send(exchange, 400, JsonServer.error("invalid", "No such voice")));
    tts.speak(utterance, Deadline.never());
    tts.speak(utterance, Deadline.never());
    assertThat(service.requests)
        .extracting(Protocol.OPENAI::voice)
        .containsExactly("alloy", "", "");
  }
}
