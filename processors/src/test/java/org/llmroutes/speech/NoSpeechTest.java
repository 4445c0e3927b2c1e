package org.llmroutes.speech;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.local.Project;

/** Speech services that the environment says there are not. */
class NoSpeechTest {
  private static final PlatformServices SERVICES =
      PlatformServices.load(
          Settings.load(
              Project.root(), Map.of("WHISPER_PROTOCOL", "none", "TTS_PROTOCOL", "none")));

  @Test
  void refusesAtOnceWhatIsSpoken() {
    SpeechToText none = HttpSpeechToText.of(SERVICES.whisper());
    Recording recording = new Recording(new Audio(new byte[1], AudioFormat.WAV), "", "");

    assertRefused(
        () -> none.transcribe(recording, Deadline.never()), "stt", "WHISPER_PROTOCOL is none");
  }

  @Test
  void refusesAtOnceToSpeak() {
    TextToSpeech none = HttpTextToSpeech.of(SERVICES.tts());
    Utterance utterance = new Utterance("One.", "", "", AudioFormat.WAV);

    assertRefused(() -> none.speak(utterance, Deadline.never()), "tts", "TTS_PROTOCOL is none");
  }

  private static void assertRefused(ThrowingCallable call, String step, String message) {
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(call)
        .withMessageContaining(message)
        .returns(ErrorCode.REJECTED, StepException::code)
        .returns(step, StepException::step);
  }
}
