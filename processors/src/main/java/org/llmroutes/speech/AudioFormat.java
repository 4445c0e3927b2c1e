package org.llmroutes.speech;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/** The audio formats that messages name; the wire form is the name in lower case. */
public enum AudioFormat {
  WAV("audio/wav", "RIFF"),
  MP3("audio/mpeg", "ID3", "\u00ff\u00fb", "\u00ff\u00fa", "\u00ff\u00f3", "\u00ff\u00f2"),
  OGG("audio/ogg", "OggS"),
  /** Opus in an Ogg container. */
  OPUS("audio/ogg", "OggS"),
  WEBM("audio/webm", "\u001aE\u00df\u00a3"),
  FLAC("audio/flac", "fLaC");

  private final String contentType;
  private final byte[][] beginnings;

  AudioFormat(String contentType, String... beginnings) {
    this.contentType = contentType;
    this.beginnings =
        Stream.of(beginnings)
            .map(beginning -> beginning.getBytes(StandardCharsets.ISO_8859_1))
            .toArray(byte[][]::new);
  }

  /**
   * The format that stands so in messages.
   *
   * @throws IllegalArgumentException for any other
   */
  public static AudioFormat ofWire(String format) {
    return valueOf(format.toUpperCase(Locale.ROOT));
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  String contentType() {
    return contentType;
  }

  /** Whether the bytes begin as those of this format do. */
  boolean begins(byte[] bytes) {
    return Arrays.stream(beginnings)
        .anyMatch(
            beginning ->
                bytes.length >= beginning.length
                    && Arrays.equals(bytes, 0, beginning.length, beginning, 0, beginning.length));
  }
}
