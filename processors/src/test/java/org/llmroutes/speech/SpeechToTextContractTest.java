package org.llmroutes.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.errors.TurnException;
import org.llmroutes.http.Deadline;
import org.llmroutes.local.ai.JsonServer;
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
    OPENAI("openai", "/v1/audio/transcriptions", "file", "prompt"),
    WHISPER_ASR("whisper-asr", "/asr", "audio_file", "initial_prompt");

    private final String name;
    private final String path;
    private final String file;
    private final String prompt;

    Protocol(String name, String path, String file, String prompt) {
      this.name = name;
      this.path = path;
      this.file = file;
      this.prompt = prompt;
    }

    ScriptedService service() {
      return new ScriptedService(name, path, this::answer);
    }

    private Object answer(JsonNode request) throws IOException {
      boolean exact =
          this == OPENAI
              ? "test-model".equals(request.path("model").textValue())
                  && request.path("response_format").asText().endsWith("json")
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
    return heard(language).text();
  }

  private Transcript heard(String language) {
    return HttpSpeechToText.of(service.settings())
        .transcribe(new Recording(AUDIO, language, ""), Deadline.never());
  }

  private Transcript heard(String answer, String language) {
    service.failing(ScriptedService.body(answer));
    return heard(language);
  }

  @Override
  protected void call(ServiceSettings settings, Deadline deadline) {
    HttpSpeechToText.of(settings).transcribe(new Recording(AUDIO, "en", ""), deadline);
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
  void wordsToExpectAreToldWhereThereAreSome() {
    transcribe("de");
    HttpSpeechToText.of(service.settings())
        .transcribe(new Recording(AUDIO, "", "Ålesund & co"), Deadline.never());
    assertThat(service.requests.get(0).has(protocol.prompt)).isFalse();
    assertThat(service.requests.get(1).path(protocol.prompt).textValue()).isEqualTo("Ålesund & co");
  }

  @Test
  void segmentsAreThereWithTheirTimesOrNotAtAll() {
    assertThat(
            heard(
                    "{\"text\":\"Ja. Nein.\",\"segments\":[{\"text\":\" Ja.\",\"start\":0,\"end\":1.5},{\"text\":\"Nein.\",\"start\":2,\"end\":3}]}",
                    "")
                .segments())
        .extracting(Transcript.Segment::text, Transcript.Segment::start, Transcript.Segment::end)
        .containsExactly(tuple("Ja.", 0.0, 1.5), tuple("Nein.", 2.0, 3.0));
    assertThat(
            heard("{\"text\":\"Ja\",\"segments\":[{\"text\":\"Ja\",\"start\":null}]}", "")
                .segments())
        .isEmpty();
  }

  @Test
  void silenceIsAnEmptyText() {
    service.failing(ScriptedService.body("{\"text\":\" \"}"));
    assertThat(transcribe("en")).isEmpty();
  }

  @Test
  void theLanguageThatWasHeardIsTold() {
    assertThat(heard("{\"text\":\"Ja\",\"language\":\"german\"}", "").language()).isEqualTo("de");
    assertThat(heard("{\"text\":\"Ja\",\"language\":\"de\"}", "").language()).isEqualTo("de");
    assertThat(heard("{\"text\":\"好\",\"language\":\"Chinese\"}", "").language()).isEqualTo("zh");
    assertThat(heard("{\"text\":\"好\",\"language\":\"zh-TW\"}", "").language()).isEqualTo("zh");
    assertThat(heard("{\"text\":\"Ja\",\"language\":null}", "").language()).isEmpty();
    assertThat(heard("{\"text\":\"Ja\",\"language\":\"klingon\"}", "").language()).isEmpty();
    assertThat(heard("{\"text\":\"Ja\"}", "").language()).isEmpty();
  }

  @Test
  void theSegmentThatIsMostLikeSpeechCounts() {
    assertThat(
            heard(
                    "{\"text\":\"Ja\",\"segments\":[{\"no_speech_prob\":0.9},{\"no_speech_prob\":0.2}]}",
                    "")
                .noSpeech())
        .isEqualTo(0.2);
    assertThat(heard("{\"text\":\"Ja\",\"segments\":[[0,\"Ja\"]]}", "").noSpeech()).isNaN();
  }

  @Test
  void whatIsTooShortForTheServiceIsSilence() {
    service.failing(refusal(400, "Audio file is too short. Minimum audio length is 0.1 seconds."));
    assertThat(heard("")).isEqualTo(Transcript.NOTHING);
    assertThat(service.requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Invalid file format. Supported formats: ['flac', 'm4a', 'mp3']",
        "The audio file could not be decoded or its format is not supported.",
        "Failed to decode audio. The provided file type is not supported.",
        "failed to read audio data",
        "FFmpeg conversion failed."
      })
  void whatTheServiceCannotReadIsNoValidRequest(String message) {
    service.failing(refusal(400, message));
    assertThatExceptionOfType(TurnException.class)
        .isThrownBy(() -> heard(""))
        .withMessageContaining(message)
        .withMessageContaining("ffmpeg -i FILE")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MESSAGE));
    service.failing(refusal(400, "model not found"));
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> heard(""))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.REJECTED));
  }

  @ParameterizedTest
  @CsvSource({
    "WAV,audio.wav,audio/wav",
    "MP3,audio.mp3,audio/mpeg",
    "MP4,audio.mp4,audio/mp4",
    "WEBM,audio.webm,audio/webm",
    "OGG,audio.ogg,audio/ogg",
    "OPUS,audio.ogg,audio/ogg",
    "FLAC,audio.flac,audio/flac",
    "AAC,audio.aac,audio/aac"
  })
  void nameAndTypeOfTheFileAreThoseOfItsFormat(AudioFormat format, String name, String type) {
    HttpSpeechToText.of(service.settings())
        .transcribe(new Recording(new Audio(new byte[] {1, 2}, format), "", ""), Deadline.never());
    assertThat(service.requests.get(0).path("filename").textValue()).isEqualTo(name);
    assertThat(service.requests.get(0).path("content_type").textValue()).isEqualTo(type);
  }

  private static ScriptedService.Fault refusal(int status, String message) {
    return exchange -> JsonServer.send(exchange, status, JsonServer.error("invalid", message));
  }
}
