package org.llmroutes.speech;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The audio formats that are understood; the wire form is the name in lower case. */
public enum AudioFormat {
  WAV("audio/wav", "wave", "vnd.wave", "pn-wav"),
  /** MPEG audio of any layer, MPEG 2.5 included. */
  MP3("audio/mpeg", "mpeg", "mpeg3", "mpga", "mp2"),
  OGG("audio/ogg", "oga", "vorbis"),
  /** Opus in an Ogg container. */
  OPUS("audio/ogg"),
  WEBM("audio/webm", "weba", "matroska", "mka"),
  FLAC("audio/flac"),
  /** AAC, mostly, in an MP4 container. */
  MP4("audio/mp4", "m4a", "m4b", "mp4a", "mp4a-latm", "3gp", "3gpp", "mov", "quicktime"),
  /** AAC in ADTS frames, without a container. */
  AAC("audio/aac", "aacp", "adts");

  private final String contentType;
  private final List<String> synonyms;

  AudioFormat(String contentType, String... synonyms) {
    this.contentType = contentType;
    this.synonyms = List.of(synonyms);
  }

  /**
   * The format that stands so in messages.
   *
   * @throws IllegalArgumentException for any other
   */
  public static AudioFormat ofWire(String format) {
    return valueOf(format.toUpperCase(Locale.ROOT));
  }

  /**
   * The format that clients and files call so: a name, the end of a file's name or a media type
   * with or without parameters, for instance {@code m4a}, {@code audio/x-wav} or {@code
   * audio/webm;codecs=opus}.
   */
  public static Optional<AudioFormat> named(String name) {
    String plain =
        name.toLowerCase(Locale.ROOT)
            .replaceFirst(";.*", "")
            .strip()
            .replaceFirst("^(?:audio|video|application)/", "")
            .replaceFirst("^(?:\\.|x-)", "");
    return Arrays.stream(values())
        .filter(format -> format.wire().equals(plain) || format.synonyms.contains(plain))
        .findFirst();
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its media type. */
  public String contentType() {
    return contentType;
  }

  /** A name that services know the format by. */
  String fileName() {
    return "audio." + (this == OPUS ? OGG : this).wire();
  }
}
