package org.llmroutes.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.config.Resilience;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.local.voice.EspeakService;
import org.llmroutes.local.voice.PythonService;
import org.llmroutes.local.voice.WhisperService;
import org.llmroutes.local.voice.WordErrorRate;
import org.llmroutes.testing.Scratch;

/** Real Whisper and real espeak-ng, by the clients that voice uses. */
class LocalVoicesTest {
  private static final WhisperService WHISPER = new WhisperService(Scratch.folder("whisper"), 0);
  private static final EspeakService ESPEAK = new EspeakService(Scratch.folder("espeak-ng"), 0);
  private static final List<String> SENTENCES =
      List.of(
          "How many people work in the library on a Monday?",
          "There are seven people and they start at nine.",
          "Please tell me which documents you found.",
          "I found three documents about the garden.",
          "What is the weather like in the mountains today?",
          "The answer is on the second page of the report.",
          "Can you repeat the last sentence more slowly?",
          "The heron waits for fish in shallow water.",
          "The museum opens at ten and closes at half past five.",
          "Nothing in the documents answers this question.",
          "The library keeps each book for two weeks.",
          "Where can I read more about the history of the town?");

  private final SpeechToText stt = HttpSpeechToText.of(settings(WHISPER));
  private final TextToSpeech tts = HttpTextToSpeech.of(settings(ESPEAK));

  @BeforeAll
  static void start() {
    List.of(WHISPER, ESPEAK).parallelStream().forEach(PythonService::start);
  }

  @AfterAll
  static void stop() {
    WHISPER.close();
    ESPEAK.close();
  }

  private static ServiceSettings settings(PythonService service) {
    return new ServiceSettings(
        service.name(),
        service.url(),
        "openai",
        "any",
        "",
        Duration.ofSeconds(120),
        0,
        Resilience.none());
  }

  private Audio speak(String text, String voice, AudioFormat format) {
    return tts.speak(new Utterance(text, voice, "en", format), Deadline.never());
  }

  private String hear(byte[] audio, String language) {
    return stt.transcribe(
            new Recording(new Audio(audio, AudioFormat.WAV), language, ""), Deadline.never())
        .text();
  }

  private static void rejected(Runnable call, String reason) {
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(call::run)
        .withMessageContaining(reason)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.REJECTED));
  }

  @Test
  void whatOneSaysTheOtherUnderstands() {
    WordErrorRate rate = new WordErrorRate();
    for (String sentence : SENTENCES) {
      rate.add(sentence, hear(speak(sentence, "", AudioFormat.WAV).bytes(), "en"));
    }
    assertThat(rate.value()).isLessThanOrEqualTo(0.15);
  }

  @Test
  void theLanguageIsFoundOut() {
    assertThat(hear(speak(SENTENCES.get(0), "en", AudioFormat.WAV).bytes(), ""))
        .containsIgnoringCase("library");
  }

  @Test
  void speechIsOneWholeWav() {
    Wav wav = speak("One, two, three.", "", AudioFormat.WAV).sound().orElseThrow();
    assertThat(wav.format().channels()).isEqualTo(1);
    assertThat(wav.duration()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(5));
  }

  @Test
  void voicesDiffer() {
    assertThat(speak("Hello.", "en-us+f3", AudioFormat.WAV).bytes())
        .isNotEqualTo(speak("Hello.", "", AudioFormat.WAV).bytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", ""})
  void nothingIsHeardInSilence(String language) {
    byte[] silence = new Wav(new WavFormat(1, 1, 16_000, 16), new byte[96_000]).bytes();
    assertThat(hear(silence, language)).isEmpty();
  }

  @Test
  void whatIsNoAudioIsNoValidRequest() {
    byte[] garbage = "RIFF, and then nothing of the kind".getBytes(StandardCharsets.US_ASCII);
    assertThatExceptionOfType(InvalidAudio.class)
        .isThrownBy(() -> hear(garbage, "en"))
        .withMessageContaining("no audio that can be decoded");
  }

  @Test
  void aLanguageThatWhisperDoesNotKnowIsRejected() {
    byte[] silence = new Wav(new WavFormat(1, 1, 16_000, 16), new byte[32_000]).bytes();
    rejected(() -> hear(silence, "xx"), "No such language");
  }

  @Test
  void theVoiceThatOpenAiClientsNameIsThere() {
    assertThat(speak("Hello.", "alloy", AudioFormat.WAV).sound()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "../en", "en "})
  void aVoiceThatIsNotThereIsRejected(String voice) {
    rejected(() -> speak("Hello.", voice, AudioFormat.WAV), "No such voice");
  }

  @ParameterizedTest
  @EnumSource(names = {"MP3", "OPUS"})
  void whatIsAskedInAnotherFormatIsAnsweredWithWav(AudioFormat format) {
    assertThat(speak("Hello.", "", format).format()).isEqualTo(AudioFormat.WAV);
  }

  @Test
  void aRequestIsBounded() {
    rejected(() -> speak("a".repeat(4097), "", AudioFormat.WAV), "4096 characters");
  }
}
