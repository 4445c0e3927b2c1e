package org.llmroutes.speech;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A whole audio file.
 *
 * @param bytes the file, not copied
 * @param format what it is
 */
public record Audio(byte[] bytes, AudioFormat format) {

  /**
   * The audio of a file, whose bytes decide what it is; a WAV whose header does not tell what is in
   * it gets one that does.
   *
   * @param said what it is said to be
   * @throws InvalidAudio whose message says what is wrong
   */
  public static Audio of(byte[] bytes, AudioFormat said) {
    if (bytes.length == 0) {
      throw new InvalidAudio("The audio is empty");
    }
    AudioFormat format = AudioSniffer.sniff(bytes, said);
    return new Audio(format == AudioFormat.WAV ? WavFile.mended(bytes) : bytes, format);
  }

  /** One file that plays all of them in turn; at least one, and {@link #joins} holds for all. */
  static Audio join(List<Audio> parts) {
    Audio first = parts.get(0);
    if (parts.size() == 1) {
      return first;
    } else if (first.format == AudioFormat.WAV) {
      return new Audio(
          Wav.join(parts.stream().map(part -> part.sound().orElseThrow()).toList()).bytes(),
          first.format);
    }
    // MP3 frames and Ogg streams (RFC 3533, chaining) play one after the other
    ByteArrayOutputStream chained = new ByteArrayOutputStream();
    for (Audio part : parts) {
      chained.writeBytes(first.format == AudioFormat.MP3 ? MpegFrames.of(part.bytes) : part.bytes);
    }
    return new Audio(chained.toByteArray(), first.format);
  }

  /** Whether both can be parts of one file, this one being the first. */
  boolean joins(Audio other) {
    if (format != AudioFormat.WAV || other.format != AudioFormat.WAV) {
      return format == other.format;
    }
    Optional<Wav> mine = sound();
    Optional<Wav> others = other.sound();
    return mine.isPresent() && others.isPresent() && others.get().canBeLike(mine.get());
  }

  /** The samples, where they stand in the file as they are: in a WAV that is not compressed. */
  Optional<Wav> sound() {
    return format == AudioFormat.WAV ? WavFile.read(bytes).sound() : Optional.empty();
  }

  /** Frames a second, where the file says it plainly: in a WAV. */
  OptionalInt sampleRate() {
    return format == AudioFormat.WAV
        ? OptionalInt.of(WavFile.read(bytes).format().sampleRate())
        : OptionalInt.empty();
  }

  /** How long it plays, where the file says it plainly: in a WAV that is not compressed. */
  public Optional<Duration> duration() {
    return sound().map(Wav::duration);
  }
}
