package org.llmroutes.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.testing.ScriptedService;
import org.llmroutes.testing.ServiceContract;

/** What every text-to-speech service is held to. */
@ParameterizedClass
@EnumSource(TextToSpeechContractTest.Protocol.class)
class TextToSpeechContractTest extends ServiceContract {
  private static final String TEXT = "Is 50% & more über all?";
  private static final byte[] WAV = new Wav(1, 1, 24000, 16, new byte[] {1, 2, 3, 4}).bytes();
  private final Protocol protocol;

  /** A server of each; what it was asked is looked at afterwards. */
  enum Protocol {
    OPENAI("/v1/audio/speech", "input"),
    XTTS("/tts_stream", "text"),
    COQUI("/api/tts", "text");

    private final String path;
    private final String text;

    Protocol(String path, String text) {
      this.path = path;
      this.text = text;
    }

    ScriptedService service() {
      ScriptedService service =
          new ScriptedService(name().toLowerCase(Locale.ROOT), path, this::answer);
      Map<String, Object> speakers = new LinkedHashMap<>();
      speakers.put("Ana", Map.of("speaker_embedding", new int[] {1}, "gpt_cond_latent", "a"));
      speakers.put("Bo", Map.of("speaker_embedding", new int[] {2}, "gpt_cond_latent", "b"));
      service.on("/studio_speakers", request -> speakers);
      return service;
    }

    private Object answer(JsonNode request) {
      if (request.path(text).asText().isEmpty()) {
        throw new IllegalArgumentException("Not a request of this protocol: " + request);
      }
      return WAV;
    }

    String voice(JsonNode request) {
      return switch (this) {
        case OPENAI -> request.path("voice").asText("");
        case XTTS -> request.at("/speaker_embedding/0").asInt() == 2 ? "Bo" : "";
        case COQUI -> request.path("speaker_id").textValue();
      };
    }
  }

  TextToSpeechContractTest(Protocol protocol) {
    super(protocol.service());
    this.protocol = protocol;
  }

  private Audio speak(String voice, AudioFormat format) {
    return HttpTextToSpeech.of(service.settings())
        .speak(new Utterance(TEXT, voice, "de", format), Deadline.never());
  }

  @Override
  protected void call(ServiceSettings settings, Deadline deadline) {
    HttpTextToSpeech.of(settings).speak(new Utterance(TEXT, "Bo", "en", AudioFormat.WAV), deadline);
  }

  @Override
  protected String step() {
    return "tts";
  }

  @Test
  void textVoiceAndLanguageArrive() {
    Audio audio = speak("Bo", AudioFormat.WAV);
    assertThat(audio.bytes()).isEqualTo(WAV);
    assertThat(audio.format()).isEqualTo(AudioFormat.WAV);
    JsonNode request = service.requests.get(0);
    assertThat(request.path(protocol.text).textValue()).isEqualTo(TEXT);
    assertThat(protocol.voice(request)).isEqualTo("Bo");
    switch (protocol) {
      case OPENAI -> {
        assertThat(request.path("model").textValue()).isEqualTo("test-model");
        assertThat(request.path("response_format").textValue()).isEqualTo("wav");
      }
      case XTTS -> assertThat(request.path("language").textValue()).isEqualTo("de");
      case COQUI -> assertThat(request.path("language_id").textValue()).isEqualTo("de");
    }
  }

  @Test
  void noVoiceLeavesItToTheService() {
    speak("", AudioFormat.WAV);
    assertThat(protocol.voice(service.requests.get(0))).isEmpty();
  }

  @Test
  void aServiceThatHasWavOnlySaysSo() {
    assertThat(speak("", AudioFormat.MP3).format()).isEqualTo(AudioFormat.WAV);
  }

  @Test
  void otherFormatsPassThrough() {
    service.failing(ScriptedService.body("ID3..."));
    assertThat(speak("", AudioFormat.MP3).format()).isEqualTo(AudioFormat.MP3);
  }

  @Test
  void anAnswerThatIsNoAudioIsAnOutage() {
    service.failing(ScriptedService.body("ID3..."));
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> speak("", AudioFormat.WAV))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }
}
