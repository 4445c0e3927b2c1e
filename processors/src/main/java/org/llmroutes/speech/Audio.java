package org.llmroutes.speech;

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
}
