package org.llmroutes.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text files are UTF-8, with or without a byte order mark. */
final class Utf8 {
  private Utf8() {}

  static String decode(byte[] content) throws InvalidDocument {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidDocument("is not UTF-8 text", e);
    }
    if (text.indexOf('\0') >= 0) {
      throw new InvalidDocument("is not text: it contains NUL");
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }
}
