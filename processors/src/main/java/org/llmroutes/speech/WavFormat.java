package org.llmroutes.speech;

import java.nio.ByteBuffer;
import java.util.Set;
import javax.sound.sampled.AudioFormat.Encoding;

/**
 * How the samples of a WAV file stand in it.
 *
 * @param encoding the format tag: 1 for whole numbers, 3 for floating point, 6 for A-law, 7 for
 *     mu-law; anything else is compressed
 * @param channels at least 1
 * @param sampleRate frames a second
 * @param bitsPerSample of one channel, as stored
 * @see <a href="https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html">WAVE</a>
 */
public record WavFormat(int encoding, int channels, int sampleRate, int bitsPerSample) {
  static final int INTEGER = 1;
  static final int FLOAT = 3;
  private static final int A_LAW = 6;
  private static final int MU_LAW = 7;
  private static final int EXTENSIBLE = 0xFFFE;

  /**
   * ADPCM of Microsoft and of IMA, GSM 6.10, G.726, MPEG, MP3 and AAC: Whisper's FFmpeg reads them.
   */
  private static final Set<Integer> COMPRESSED = Set.of(0x02, 0x11, 0x31, 0x45, 0x50, 0x55, 0xff);

  /**
   * @param chunk what stands in the chunk {@code fmt }
   * @throws InvalidAudio for what nobody can be expected to read
   */
  static WavFormat read(ByteBuffer chunk) {
    if (chunk.remaining() < 16) {
      throw new InvalidAudio("The WAV file does not say its format");
    }
    int encoding = Short.toUnsignedInt(chunk.getShort(0));
    if (encoding == EXTENSIBLE && chunk.remaining() >= 26) {
      encoding = Short.toUnsignedInt(chunk.getShort(24));
    }
    int channels = Short.toUnsignedInt(chunk.getShort(2));
    int rate = chunk.getInt(4);
    if (channels < 1 || rate < 1) {
      throw new InvalidAudio(
          "The WAV file says that it has " + channels + " channels at " + rate + " Hz");
    }
    int blockAlign = Short.toUnsignedInt(chunk.getShort(12));
    int bits = Short.toUnsignedInt(chunk.getShort(14));
    WavFormat format = new WavFormat(encoding, channels, rate, stored(bits, blockAlign, channels));
    if (!format.isPlain() && !COMPRESSED.contains(encoding)) {
      throw InvalidAudio.toConvert(
          "The WAV file has encoding "
              + encoding
              + " with "
              + bits
              + " bits, which is not understood");
    }
    return format;
  }

  /** 12 or 20 bits are stored in 16 or 24, which the size of a frame tells. */
  private static int stored(int bits, int blockAlign, int channels) {
    int whole = (bits + 7) / 8 * 8;
    int aligned = blockAlign % channels == 0 ? blockAlign / channels * 8 : 0;
    return aligned >= whole && aligned <= 64 ? aligned : whole;
  }

  /** Whether the samples stand in the file one after the other, each by itself. */
  boolean isPlain() {
    return switch (encoding) {
      case INTEGER -> bitsPerSample >= 8 && bitsPerSample <= 32;
      case FLOAT -> bitsPerSample == 32 || bitsPerSample == 64;
      case A_LAW, MU_LAW -> bitsPerSample == 8;
      default -> false;
    };
  }

  /** Whether the samples are numbers that can be compared with each other. */
  boolean isLinear() {
    return isPlain() && (encoding == INTEGER || encoding == FLOAT);
  }

  /** Bytes of one sample of every channel. */
  int frameSize() {
    return channels * bitsPerSample / 8;
  }

  /** The same in Java's terms. */
  javax.sound.sampled.AudioFormat inJava() {
    Encoding java =
        switch (encoding) {
          case FLOAT -> Encoding.PCM_FLOAT;
          case A_LAW -> Encoding.ALAW;
          case MU_LAW -> Encoding.ULAW;
          default -> bitsPerSample == 8 ? Encoding.PCM_UNSIGNED : Encoding.PCM_SIGNED;
        };
    return new javax.sound.sampled.AudioFormat(
        java, sampleRate, bitsPerSample, channels, frameSize(), sampleRate, false);
  }
}
