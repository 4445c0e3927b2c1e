package org.llmroutes.speech;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;

/** The samples of a WAV file as numbers from -1 to 1, read where they stand. */
final class Samples {
  private final WavFormat format;
  private final ByteBuffer frames;

  private Samples(WavFile file) {
    format = file.format();
    frames = file.frames();
  }

  /** Of a file whose samples are numbers; those of A-law and mu-law are not. */
  static Optional<Samples> of(Audio audio) {
    return Optional.of(audio)
        .filter(file -> file.format() == AudioFormat.WAV)
        .map(file -> WavFile.read(file.bytes()))
        .filter(file -> file.format().isLinear())
        .map(Samples::new);
  }

  int rate() {
    return format.sampleRate();
  }

  /** How many frames there are. */
  int count() {
    return frames.limit() / format.frameSize();
  }

  Duration duration() {
    return Duration.ofNanos(1_000_000_000L * count() / rate());
  }

  /** Of a frame the sample that is farthest from zero: often only one channel has a microphone. */
  float at(int frame) {
    float loudest = 0;
    for (int channel = 0; channel < format.channels(); channel++) {
      float sample = sample(frame * format.frameSize() + channel * (format.bitsPerSample() / 8));
      if (Math.abs(sample) > Math.abs(loudest)) {
        loudest = sample;
      }
    }
    return loudest;
  }

  private float sample(int at) {
    if (format.encoding() == WavFormat.FLOAT) {
      double value = format.bitsPerSample() == 64 ? frames.getDouble(at) : frames.getFloat(at);
      return Double.isFinite(value) ? (float) Math.max(-1, Math.min(1, value)) : 0;
    }
    return switch (format.bitsPerSample()) {
      case 8 -> eightBits(frames.get(at) & 0xff);
      case 16 -> frames.getShort(at) / 32_768f;
      case 24 -> twentyFourBits(at);
      default -> frames.getInt(at) / 2_147_483_648f;
    };
  }

  /** One step off the middle cannot be told from silence. */
  private static float eightBits(int stored) {
    int steps = stored - 128;
    return Math.abs(steps) > 1 ? steps / 128f : 0;
  }

  /** The upper 16 are enough to tell how loud it is. */
  private float twentyFourBits(int at) {
    boolean lowestFirst = frames.order() == ByteOrder.LITTLE_ENDIAN;
    return frames.getShort(lowestFirst ? at + 1 : at) / 32_768f;
  }
}
