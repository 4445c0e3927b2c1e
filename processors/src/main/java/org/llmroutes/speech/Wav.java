package org.llmroutes.speech;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/**
 * Sound that is not compressed, as a WAV file holds it.
 *
 * @param format one whose samples stand by themselves
 * @param frames the samples, whole frames of all channels, lowest byte first, not copied
 */
public record Wav(WavFormat format, byte[] frames) {

  /** One file that plays all of them in turn, in the format of the first; at least one. */
  static Wav join(List<Wav> parts) {
    WavFormat format = parts.get(0).format;
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    parts.forEach(part -> frames.writeBytes(part.in(format).frames));
    return new Wav(format, frames.toByteArray());
  }

  /** Whether {@link #join} can put this one after the other. */
  boolean canBeLike(Wav other) {
    return format.equals(other.format)
        || AudioSystem.isConversionSupported(other.format.inJava(), format.inJava());
  }

  /** The same in another format that {@link #canBeLike} holds for. */
  Wav in(WavFormat other) {
    if (format.equals(other)) {
      return this;
    }
    try (AudioInputStream mine =
            new AudioInputStream(
                new ByteArrayInputStream(frames),
                format.inJava(),
                frames.length / format.frameSize());
        AudioInputStream converted = AudioSystem.getAudioInputStream(other.inJava(), mine)) {
      return new Wav(other, converted.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The whole file, whose header says how long it is. */
  public byte[] bytes() {
    int padding = frames.length % 2;
    ByteBuffer out =
        ByteBuffer.allocate(44 + frames.length + padding).order(ByteOrder.LITTLE_ENDIAN);
    out.put(ascii("RIFF")).putInt(36 + frames.length + padding).put(ascii("WAVE"));
    out.put(ascii("fmt ")).putInt(16);
    out.putShort((short) format.encoding()).putShort((short) format.channels());
    out.putInt(format.sampleRate()).putInt(format.sampleRate() * format.frameSize());
    out.putShort((short) format.frameSize()).putShort((short) format.bitsPerSample());
    out.put(ascii("data")).putInt(frames.length).put(frames);
    return out.array();
  }

  public Duration duration() {
    return Duration.ofNanos(
        1_000_000_000L * (frames.length / format.frameSize()) / format.sampleRate());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
