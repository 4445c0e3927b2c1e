package org.llmroutes.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.http.Deadline;
import org.llmroutes.local.ai.JsonServer;
import org.llmroutes.speech.SpeechToTextContractTest.Protocol;
import org.llmroutes.testing.ScriptedService;

/** OpenAI's API has answers of several kinds, and not every service has all of them. */
class VerboseTranscriptionTest {
  private static final Audio AUDIO = new Audio(new byte[] {'R', 'I', 'F', 'F'}, AudioFormat.WAV);

  private final ScriptedService service = Protocol.OPENAI.service();

  @AfterEach
  void stop() {
    service.close();
  }

  private List<String> formats() {
    return service.requests.stream().map(r -> r.path("response_format").asText()).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\": {\"message\": \"response_format 'verbose_json' is not compatible with model\"}}",
        "{\"detail\": [{\"type\": \"enum\", \"loc\": [\"body\", \"response_format\"], \"msg\": \"not allowed\"}]}",
        "Currently only support response_format `text` or `json`"
      })
  void isAskedForAndRefusedOnce(String refusal) {
    SpeechToText stt = HttpSpeechToText.of(service.settings());
    service.failing(
        exchange -> {
          byte[] body = refusal.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(422, body.length);
          exchange.getResponseBody().write(body);
        });
    stt.transcribe(new Recording(AUDIO, "", ""), Deadline.never());
    stt.transcribe(new Recording(AUDIO, "", ""), Deadline.never());
    assertThat(formats()).containsExactly("verbose_json", "json", "json");
  }

  @Test
  void isAskedForAgainWhereTheAudioWasRefused() {
    SpeechToText stt = HttpSpeechToText.of(service.settings());
    service.failing(
        exchange ->
            JsonServer.send(
                exchange,
                400,
                JsonServer.error("invalid", "The file has no audio that can be decoded")));
    assertThatExceptionOfType(InvalidAudio.class)
        .isThrownBy(() -> stt.transcribe(new Recording(AUDIO, "", ""), Deadline.never()));
    stt.transcribe(new Recording(AUDIO, "", ""), Deadline.never());
    assertThat(formats()).containsExactly("verbose_json", "verbose_json");
  }
}
