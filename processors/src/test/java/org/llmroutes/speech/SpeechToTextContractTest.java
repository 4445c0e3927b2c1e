package org.llmroutes.speech;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.http.Deadline;
import org.llmroutes.testing.ScriptedService;
import org.llmroutes.testing.ServiceContract;

/** What every speech-to-text service is held to. */
@ParameterizedClass
@EnumSource(SpeechToTextContractTest.Protocol.class)
class SpeechToTextContractTest extends ServiceContract {
  private static final Audio AUDIO =
      new Audio(new byte[] {'R', 'I', 'F', 'F', 0, -1, '\r', '\n', '-', '-'}, AudioFormat.WAV);
  private final Protocol protocol;

  /** A server of each, which hears how many bytes it got. */
  enum Protocol {
    OPENAI("openai", "/v1/audio/transcriptions", "file"),
    WHISPER_ASR("whisper-asr", "/asr", "audio_file");

    private final String name;
    private final String path;
    private final String file;

    Protocol(String name, String path, String file) {
      this.name = name;
      this.path = path;
      this.file = file;
    }

    ScriptedService service() {
      return new ScriptedService(name, path, this::answer);
    }

    private Object answer(JsonNode request) throws IOException {
      boolean exact =
          this == OPENAI
              ? "test-model".equals(request.path("model").textValue())
                  && "json".equals(request.path("response_format").textValue())
              : "json".equals(request.path("output").textValue());
      if (!exact || !request.path(file).isBinary()) {
        throw new IllegalArgumentException("Not a request of this protocol: " + request);
      }
      return Map.of("text", " " + request.path(file).binaryValue().length + " bytes, ä.\n");
    }
  }

  SpeechToTextContractTest(Protocol protocol) {
    super(protocol.service());
    this.protocol = protocol;
  }

  private String transcribe(String language) {
    return new HttpSpeechToText(service.settings()).transcribe(AUDIO, language, Deadline.never());
  }

  @Override
  protected void call(ServiceSettings settings, Deadline deadline) {
    new HttpSpeechToText(settings).transcribe(AUDIO, "en", deadline);
  }

  @Override
  protected String step() {
    return "stt";
  }

  @Test
  void theAudioArrivesAsItIs() throws IOException {
    assertThat(transcribe("")).isEqualTo("10 bytes, ä.");
    JsonNode request = service.requests.get(0);
    assertThat(request.path(protocol.file).binaryValue()).isEqualTo(AUDIO.bytes());
    assertThat(request.has("language")).isFalse();
  }

  @Test
  void theLanguageIsToldWhereItIsKnown() {
    transcribe("de");
    assertThat(service.requests.get(0).path("language").textValue()).isEqualTo("de");
  }

  @Test
  void silenceIsAnEmptyText() {
    service.failing(ScriptedService.body("{\"text\":\" \"}"));
    assertThat(transcribe("en")).isEmpty();
  }
}
