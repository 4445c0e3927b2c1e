package org.llmroutes.speech;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.OptionalInt;

/**
 * A whole audio file.
 *
 * @param bytes the file, not copied
 */
public record Audio(byte[] bytes, AudioFormat format) {

  /**
   * The audio, once it is sure that there is some and that it looks as its format says; a WAV is
   * read, other formats are known by their beginning.
   *
   * @throws InvalidAudio whose message says what is wrong
   */
  public static Audio of(byte[] bytes, AudioFormat format) {
    if (bytes.length == 0) {
      throw new InvalidAudio("The audio is empty");
    }
    if (!format.begins(bytes)) {
      throw new InvalidAudio("The audio is no " + format.wire());
    }
    if (format == AudioFormat.WAV) {
      Wav.read(bytes);
    }
    return new Audio(bytes, format);
  }

  /** One file that plays all of them in turn; at least one, and {@link #joins} holds for all. */
  static Audio join(List<Audio> parts) {
    AudioFormat format = parts.get(0).format();
    if (format == AudioFormat.WAV) {
      return new Audio(
          Wav.join(parts.stream().map(part -> Wav.read(part.bytes())).toList()).bytes(), format);
    }
    // MP3 frames and Ogg streams (RFC 3533, chaining) play one after the other as they are
    ByteArrayOutputStream chained = new ByteArrayOutputStream();
    parts.forEach(part -> chained.writeBytes(part.bytes()));
    return new Audio(chained.toByteArray(), format);
  }

  /** Whether both can be parts of one file. */
  boolean joins(Audio other) {
    return format == other.format
        && (format != AudioFormat.WAV || Wav.read(bytes).sameFormatAs(Wav.read(other.bytes)));
  }

  /** Frames a second, where the file says it plainly: in a WAV. */
  OptionalInt sampleRate() {
    return format == AudioFormat.WAV
        ? OptionalInt.of(Wav.read(bytes).sampleRate())
        : OptionalInt.empty();
  }
}
