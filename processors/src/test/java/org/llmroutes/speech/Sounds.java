package org.llmroutes.speech;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/** Sounds made of numbers: 16 bits, mono, 16 kHz. */
final class Sounds {
  static final int RATE = 16_000;
  static final WavFormat FORMAT = new WavFormat(WavFormat.INTEGER, 1, RATE, 16);

  private Sounds() {}

  /**
   * @param wave the samples, -1 to 1
   */
  static Wav of(double seconds, IntToDoubleFunction wave) {
    int samples = (int) (seconds * RATE);
    ByteBuffer frames = ByteBuffer.allocate(2 * samples).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < samples; i++) {
      frames.putShort((short) Math.round(32_767 * wave.applyAsDouble(i)));
    }
    return new Wav(FORMAT, frames.array());
  }

  static Wav tone(double seconds, double loudness) {
    return of(seconds, i -> loudness * Math.sin(2 * Math.PI * 220 * i / RATE));
  }

  /** White noise, or with a part of the sample before in each, which makes it darker. */
  static Wav noise(double seconds, double loudness, double dark) {
    Random random = new Random(5);
    double[] last = new double[1];
    return of(
        seconds,
        i -> {
          last[0] = dark * last[0] + (1 - dark) * random.nextGaussian() * loudness;
          return Math.max(-1, Math.min(1, last[0]));
        });
  }

  /** Syllables of a voice, with pauses between them, over the noise of a room. */
  static Wav speech(double seconds, double loudness, double noise) {
    Random random = new Random(7);
    return of(
        seconds,
        i -> {
          double t = (double) i / RATE;
          double envelope = Math.max(0, Math.sin(2 * Math.PI * 3 * t));
          double voice = 0;
          for (int harmonic = 1; harmonic < 8; harmonic++) {
            voice += Math.sin(2 * Math.PI * 130 * harmonic * t) / harmonic / 2;
          }
          return Math.max(
              -1, Math.min(1, loudness * envelope * voice + noise * random.nextGaussian()));
        });
  }
}
