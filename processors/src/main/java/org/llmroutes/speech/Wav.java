package org.llmroutes.speech;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Uncompressed sound as a WAV file holds it.
 *
 * @param encoding 1 for whole numbers, 3 for floating point
 * @param channels 1 for mono, 2 for stereo
 * @param sampleRate frames a second
 * @param bitsPerSample of one channel
 * @param frames the samples, whole frames of all channels, not copied
 * @see <a href="https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html">WAVE</a>
 */
public record Wav(int encoding, int channels, int sampleRate, int bitsPerSample, byte[] frames) {
  private static final int INTEGER = 1;
  private static final int FLOAT = 3;
  private static final int EXTENSIBLE = 0xFFFE;

  /** What servers that stream write for a length that they do not know yet lies from here on. */
  private static final long UNKNOWN_LENGTH = 0x7FFF_0000L;

  /**
   * Reads a file. One whose header was written before its length was known ends where the bytes
   * end.
   *
   * @throws InvalidAudio whose message says what is wrong
   */
  public static Wav read(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < 12 || !"RIFF".equals(name(in)) || !"WAVE".equals(name(in.position(8)))) {
      throw new InvalidAudio("The audio is no WAV file");
    }
    long riffEnd = 8 + Integer.toUnsignedLong(in.getInt(4));
    Wav format = null;
    while (in.remaining() >= 8) {
      String chunk = name(in);
      long length = Integer.toUnsignedLong(in.getInt());
      if ("data".equals(chunk)) {
        boolean streamed = length >= UNKNOWN_LENGTH || length == 0 && riffEnd <= in.position();
        return withFrames(format, in, streamed ? in.remaining() : length);
      }
      if (length > in.remaining()) {
        break;
      }
      if ("fmt ".equals(chunk)) {
        format = format(in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN));
      }
      in.position((int) Math.min(in.limit(), in.position() + length + length % 2));
    }
    throw new InvalidAudio("The WAV file has no sound in it");
  }

  /** One file that plays all of them in turn; they must be of the same format, and at least one. */
  public static Wav join(List<Wav> parts) {
    Wav first = parts.get(0);
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (Wav part : parts) {
      if (!part.sameFormatAs(first)) {
        throw new IllegalArgumentException("WAV files of several formats cannot be joined");
      }
      frames.writeBytes(part.frames);
    }
    return first.with(frames.toByteArray());
  }

  /** The whole file. */
  public byte[] bytes() {
    int padding = frames.length % 2;
    ByteBuffer out =
        ByteBuffer.allocate(44 + frames.length + padding).order(ByteOrder.LITTLE_ENDIAN);
    out.put(ascii("RIFF")).putInt(36 + frames.length + padding).put(ascii("WAVE"));
    out.put(ascii("fmt ")).putInt(16);
    out.putShort((short) encoding).putShort((short) channels);
    out.putInt(sampleRate).putInt(sampleRate * frameSize());
    out.putShort((short) frameSize()).putShort((short) bitsPerSample);
    out.put(ascii("data")).putInt(frames.length).put(frames);
    return out.array();
  }

  public Duration duration() {
    return Duration.ofNanos(1_000_000_000L * (frames.length / frameSize()) / sampleRate);
  }

  private static Wav format(ByteBuffer chunk) {
    if (chunk.remaining() < 16) {
      throw new InvalidAudio("The WAV file does not say its format");
    }
    int encoding = Short.toUnsignedInt(chunk.getShort(0));
    if (encoding == EXTENSIBLE && chunk.remaining() >= 26) {
      encoding = Short.toUnsignedInt(chunk.getShort(24));
    }
    Wav format =
        new Wav(
            encoding,
            Short.toUnsignedInt(chunk.getShort(2)),
            chunk.getInt(4),
            Short.toUnsignedInt(chunk.getShort(14)),
            new byte[0]);
    int bits = format.bitsPerSample;
    boolean known =
        encoding == INTEGER && bits % 8 == 0 && bits >= 8 && bits <= 32
            || encoding == FLOAT && (bits == 32 || bits == 64);
    if (!known) {
      throw new InvalidAudio(
          "The WAV file has encoding " + encoding + " with " + bits + " bits; PCM is understood");
    }
    if (format.channels < 1 || format.channels > 2 || format.sampleRate < 1) {
      throw new InvalidAudio(
          "The WAV file has "
              + format.channels
              + " channels at "
              + format.sampleRate
              + " Hz; mono and stereo are understood");
    }
    return format;
  }

  private static Wav withFrames(Wav format, ByteBuffer in, long length) {
    if (format == null) {
      throw new InvalidAudio("The WAV file does not say its format");
    }
    if (length > in.remaining()) {
      throw new InvalidAudio(
          "The WAV file is cut off: " + in.remaining() + " of " + length + " bytes of sound");
    }
    int whole = (int) length / format.frameSize() * format.frameSize();
    if (whole == 0) {
      throw new InvalidAudio("The WAV file has no sound in it");
    }
    return format.with(Arrays.copyOfRange(in.array(), in.position(), in.position() + whole));
  }

  private Wav with(byte[] sound) {
    return new Wav(encoding, channels, sampleRate, bitsPerSample, sound);
  }

  boolean sameFormatAs(Wav other) {
    return encoding == other.encoding
        && channels == other.channels
        && sampleRate == other.sampleRate
        && bitsPerSample == other.bitsPerSample;
  }

  private int frameSize() {
    return channels * bitsPerSample / 8;
  }

  private static String name(ByteBuffer in) {
    byte[] name = new byte[4];
    in.get(name);
    return new String(name, StandardCharsets.US_ASCII);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
