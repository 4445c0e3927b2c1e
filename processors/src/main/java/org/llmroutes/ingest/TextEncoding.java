package org.llmroutes.ingest;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.mozilla.universalchardet.UniversalDetector;

/**
 * Makes text of bytes. A byte order mark decides; then what is UTF-8 is read as such, whatever it
 * says of itself. Text of another encoding is read by the one that it declares, else by the one
 * that it looks like. A few bytes that are wrong become U+FFFD, and the rest is kept.
 */
final class TextEncoding {
  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

  /** Of the bytes beyond ASCII in text of a Latin script; other scripts have hardly another. */
  private static final double LATIN_SHARE = 0.25;

  /** Of control characters in what is still text: logs have some, binary data has many. */
  private static final double CONTROL_SHARE = 0.01;

  private TextEncoding() {}

  /**
   * @throws InvalidDocument for binary data, and where the encoding cannot be told
   */
  static String decode(byte[] content) throws InvalidDocument {
    return decode(content, Optional.empty());
  }

  /**
   * @param declared what the content says of itself, which is often wrong
   * @throws InvalidDocument for binary data, and where the encoding cannot be told
   */
  static String decode(byte[] content, Optional<Charset> declared) throws InvalidDocument {
    Charset certain = ByteOrder.of(content).orElse(sevenBits(declared));
    return text(certain == null ? likely(content, declared) : new String(content, certain));
  }

  /** Escape sequences of ASCII characters, which are UTF-8 too. */
  private static Charset sevenBits(Optional<Charset> declared) {
    return declared.filter(charset -> charset.name().startsWith("ISO-2022")).orElse(null);
  }

  private static String likely(byte[] content, Optional<Charset> declared) throws InvalidDocument {
    Utf8Share share = Utf8Share.of(content);
    if (share.wrongBytes() == 0) {
      return new String(content, StandardCharsets.UTF_8);
    }
    Optional<String> asDeclared = declared.flatMap(charset -> strictly(content, charset));
    if (asDeclared.isPresent()) {
      return asDeclared.get();
    }
    if (share.sequences() >= share.wrongBytes()) {
      return new String(content, StandardCharsets.UTF_8);
    }
    Charset found = detected(content, share.beyondAscii() <= LATIN_SHARE);
    Optional<String> asFound = Optional.ofNullable(found).flatMap(c -> strictly(content, c));
    if (asFound.isPresent()) {
      return asFound.get();
    } else if (share.beyondAscii() <= LATIN_SHARE) {
      return new String(content, WINDOWS_1252);
    }
    throw new InvalidDocument("is in an encoding that cannot be told; convert it to UTF-8");
  }

  /** Few letters look like those of an old Mac, which nearly nothing is any more. */
  private static final Map<String, String> RATHER = Map.of("MACCYRILLIC", "windows-1251");

  private static Charset detected(byte[] content, boolean latin) {
    UniversalDetector detector = new UniversalDetector();
    detector.handleData(content);
    detector.dataEnd();
    String name = detector.getDetectedCharset();
    name = name == null ? null : RATHER.getOrDefault(name, name);
    if (name == null || !Charset.isSupported(name)) {
      return null;
    }
    Charset charset = Charset.forName(name);
    // few letters of one byte each say little: any alphabet could have them
    return latin && charset.newEncoder().maxBytesPerChar() <= 1 ? WINDOWS_1252 : charset;
  }

  private static Optional<String> strictly(byte[] content, Charset charset) {
    try {
      CharBuffer text =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(content));
      return Optional.of(text.toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static String text(String decoded) throws InvalidDocument {
    long controls = decoded.chars().filter(TextEncoding::isControl).count();
    if (controls > decoded.length() * CONTROL_SHARE) {
      throw new InvalidDocument("is not text but binary data; is its name right?");
    }
    String clean = controls == 0 ? decoded : decoded.replace("\0", "");
    return clean.startsWith("\uFEFF") ? clean.substring(1) : clean;
  }

  private static boolean isControl(int character) {
    return character < ' ' && "\t\n\f\r\u001b".indexOf(character) < 0;
  }
}
