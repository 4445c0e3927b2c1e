package org.llmroutes.doctor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.speech.Audio;
import org.llmroutes.speech.AudioFormat;
import org.llmroutes.speech.HttpSpeechToText;
import org.llmroutes.speech.Recording;
import org.llmroutes.speech.Transcript;
import org.llmroutes.speech.Wav;
import org.llmroutes.speech.WavFormat;

/** Speech to text, by a tone of half a second, in which there may be words or none. */
final class WhisperCheck extends ServiceCheck {
  private static final int RATE = 16_000;
  private static final int SAMPLES = RATE / 2;
  private static final double PITCH = 440;

  WhisperCheck() {
    super("whisper", "voice", "gateway");
  }

  @Override
  ServiceSettings settings(PlatformServices services) {
    return services.whisper();
  }

  @Override
  void call(ServiceSettings service, Installation here, Findings found) {
    Transcript heard =
        HttpSpeechToText.of(service).transcribe(new Recording(tone(), "en", ""), here.deadline());
    found.well(
        "call",
        heard.text().isEmpty()
            ? "it heard no words in a tone"
            : "it heard in a tone: " + heard.text());
  }

  private static Audio tone() {
    ByteBuffer samples = ByteBuffer.allocate(2 * SAMPLES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < SAMPLES; i++) {
      samples.putShort((short) (8000 * Math.sin(2 * Math.PI * PITCH * i / RATE)));
    }
    return new Audio(
        new Wav(new WavFormat(1, 1, RATE, 16), samples.array()).bytes(), AudioFormat.WAV);
  }
}
