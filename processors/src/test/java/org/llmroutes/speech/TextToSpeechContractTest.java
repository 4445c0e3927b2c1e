package org.llmroutes.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
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
import org.llmroutes.http.Deadline;
import org.llmroutes.testing.ScriptedService;
import org.llmroutes.testing.ServiceContract;

/** What every text-to-speech service is held to. */
@ParameterizedClass
@EnumSource(TextToSpeechContractTest.Protocol.class)
class TextToSpeechContractTest extends ServiceContract {
  private static final String TEXT = "Is 50% & more über all?";
  private static final byte[] WAV =
      new Wav(new WavFormat(1, 1, 24_000, 16), new byte[] {1, 2, 3, 4}).bytes();
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
  void whereNoVoiceIsNamedTheProtocolHasOne() {
    speak("", AudioFormat.WAV);
    assertThat(protocol.voice(service.requests.get(0)))
        .isEqualTo(protocol == Protocol.OPENAI ? "alloy" : "");
  }

  @Test
  void aServiceThatHasWavOnlySaysSo() {
    assertThat(speak("", AudioFormat.MP3).format()).isEqualTo(AudioFormat.WAV);
  }

  @ParameterizedTest
  @CsvSource({"MP3,MP3", "WAV,MP3", "OPUS,OPUS", "WAV,OPUS"})
  void whatTheAudioIsDecides(AudioFormat wanted, AudioFormat given) {
    byte[] opus = "OggS\0\2...".getBytes(StandardCharsets.ISO_8859_1);
    byte[] mp3 = new byte[208];
    System.arraycopy(new byte[] {-1, -5, 0x50, -60}, 0, mp3, 0, 4);
    byte[] answer = given == AudioFormat.MP3 ? mp3 : opus;
    service.failing(bytes(answer));
    Audio audio = speak("", wanted);
    assertThat(audio.format()).isEqualTo(given);
    assertThat(audio.bytes()).isEqualTo(answer);
  }

  /** XTTS streams, and says that there is nothing; others count their header as sound. */
  @ParameterizedTest
  @ValueSource(ints = {0, -1, 48, 0x7fff_ffff})
  void theHeaderBecomesTrue(int length) {
    byte[] lying = WAV.clone();
    ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN).putInt(40, length);
    // less than half of what was promised is a case of its own
    byte[] longer = Arrays.copyOf(lying, length == 48 ? 90 : lying.length);
    service.failing(bytes(longer));
    Wav heard = WavFile.read(speak("", AudioFormat.WAV).bytes()).sound().orElseThrow();
    assertThat(WavFile.read(speak("", AudioFormat.WAV).bytes()).trueHeader()).isTrue();
    assertThat(heard.frames()).hasSize(longer.length - 44);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ID3...", "<html>", "fLaC...", "RIFF\0\0\0\0WAVE"})
  void anAnswerThatIsNoAudioIsAnOutage(String answer) {
    service.failing(ScriptedService.body(answer));
    outage();
  }

  @Test
  void aDownloadThatBrokeOffIsAnOutage() {
    byte[] torso = WAV.clone();
    ByteBuffer.wrap(torso).order(ByteOrder.LITTLE_ENDIAN).putInt(40, 12);
    service.failing(bytes(torso));
    outage();
  }

  private void outage() {
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> speak("", AudioFormat.WAV))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }

  private static ScriptedService.Fault bytes(byte[] answer) {
    return exchange -> {
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    };
  }

  @Test
  void xttsTakesLessOfSomeLanguages() {
    TextToSpeech tts = HttpTextToSpeech.of(service.settings());
    assertThat(tts.longest("zh")).isEqualTo(protocol == Protocol.XTTS ? 82 : 240);
    assertThat(tts.longest("")).isEqualTo(protocol == Protocol.XTTS ? 250 : 240);
  }
}
