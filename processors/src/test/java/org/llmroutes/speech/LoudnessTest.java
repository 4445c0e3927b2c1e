package org.llmroutes.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Silence and noise are told from what may be speech. */
class LoudnessTest {

  private static Loudness of(Wav sound) {
    return Loudness.of(new Audio(sound.bytes(), AudioFormat.WAV)).orElseThrow();
  }

  static Stream<Arguments> withoutSpeech() {
    return Stream.of(
        Arguments.of("digital silence", Sounds.tone(3, 0)),
        Arguments.of("hiss", Sounds.noise(3, 0.0007, 0)),
        Arguments.of("loud hiss", Sounds.noise(3, 0.1, 0)),
        Arguments.of("a fan", Sounds.noise(3, 0.5, 0.8)),
        Arguments.of("rumbling", Sounds.noise(3, 0.9, 0.97)),
        Arguments.of("a tone that nobody hears", Sounds.tone(3, 0.001)),
        Arguments.of("a blip", Sounds.tone(0.05, 0.3)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void withoutSpeech(String what, Wav sound) {
    assertThat(of(sound).isWithoutSpeech()).isTrue();
  }

  static Stream<Arguments> perhapsSpeech() {
    return Stream.of(
        Arguments.of("speech", Sounds.speech(3, 0.3, 0.001)),
        Arguments.of("a short word", Sounds.speech(0.3, 0.3, 0.001)),
        Arguments.of("quiet speech", Sounds.speech(3, 0.01, 0.0003)),
        Arguments.of("speech in a loud room", Sounds.speech(3, 0.3, 0.1)),
        Arguments.of("a tone", Sounds.tone(1, 0.3)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void perhapsSpeech(String what, Wav sound) {
    assertThat(of(sound).isWithoutSpeech()).isFalse();
  }

  @Test
  void oneWordInALongSilenceIsEnough() {
    Wav word = Sounds.speech(0.4, 0.1, 0);
    Loudness loudness = of(Wav.join(List.of(Sounds.tone(20, 0), word, Sounds.tone(20, 0))));
    assertThat(loudness.isWithoutSpeech()).isFalse();
    assertThat(loudness.isClear()).isTrue();
  }

  @Test
  void aClickIsHeardButIsNoWord() {
    Loudness loudness = of(Sounds.of(2, i -> i > 8000 && i < 8100 ? 0.5 : 0));
    assertThat(loudness.isWithoutSpeech()).isFalse();
    assertThat(loudness.isClear()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 24, 32, -32, -64})
  void everyWidthIsMeasured(int bits) {
    assertThat(of(stereo(bits, 0.3)).isClear()).isTrue();
    assertThat(of(stereo(bits, 0.3)).isWithoutSpeech()).isFalse();
    assertThat(of(stereo(bits, 0)).isWithoutSpeech()).isTrue();
  }

  /** A tone in the second of two channels; negative bits are floating point. */
  private static Wav stereo(int bits, double loudness) {
    int width = Math.abs(bits) / 8;
    ByteBuffer frames = ByteBuffer.allocate(8000 * 2 * width).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 16_000; i++) {
      double sample = i % 2 == 0 ? 0 : loudness * Math.sin(2 * Math.PI * 220 * i / 16_000);
      switch (bits) {
        case 8 -> frames.put((byte) (128 + Math.round(127 * sample)));
        case 16 -> frames.putShort((short) Math.round(32_767 * sample));
        case 24 -> {
          int whole = (int) Math.round(8_388_607 * sample);
          frames.put((byte) whole).putShort((short) (whole >> 8));
        }
        case 32 -> frames.putInt((int) Math.round(2_147_483_647 * sample));
        case -32 -> frames.putFloat((float) sample);
        default -> frames.putDouble(sample);
      }
    }
    int encoding = bits < 0 ? WavFormat.FLOAT : WavFormat.INTEGER;
    return new Wav(new WavFormat(encoding, 2, 8000, Math.abs(bits)), frames.array());
  }

  @Test
  void whatIsNoNumberIsNotMeasured() {
    byte[] muLaw = new Wav(new WavFormat(7, 1, 8000, 8), new byte[8000]).bytes();
    assertThat(Loudness.of(new Audio(muLaw, AudioFormat.WAV))).isEmpty();
    assertThat(Loudness.of(new Audio(muLaw, AudioFormat.MP3))).isEmpty();
  }
}
