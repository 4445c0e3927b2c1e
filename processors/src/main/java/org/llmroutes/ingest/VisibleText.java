package org.llmroutes.ingest;

import java.text.Normalizer;

/**
 * Text by what people see of it: no characters that only steer how it is set, one form of each
 * letter, and spaces that are spaces. A word that hides one of them is found by nobody.
 */
final class VisibleText {
  private VisibleText() {}

  static String of(String text) {
    if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f || c == '\n' || c == '\t')) {
      return text;
    }
    StringBuilder visible = new StringBuilder(text.length());
    int before = ' ';
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (isJoiner(c) ? isJoined(before) : !isInvisible(c)) {
        append(c, visible);
        before = c;
      }
    }
    return Normalizer.normalize(visible, Normalizer.Form.NFC);
  }

  private static void append(int c, StringBuilder visible) {
    switch (c) {
      case 0x85, 0x2028, 0x2029 -> visible.append('\n');
      case 0xfb00 -> visible.append("ff");
      case 0xfb01 -> visible.append("fi");
      case 0xfb02 -> visible.append("fl");
      case 0xfb03 -> visible.append("ffi");
      case 0xfb04 -> visible.append("ffl");
      case 0xfb05, 0xfb06 -> visible.append("st");
      default ->
          visible.appendCodePoint(Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c);
    }
  }

  /** Soft hyphen, zero width, directions, tags, byte order marks, control; icons of fonts. */
  private static boolean isInvisible(int c) {
    return switch (Character.getType(c)) {
      case Character.FORMAT, Character.PRIVATE_USE -> true;
      case Character.CONTROL -> c != '\n' && c != '\t' && c != 0x85;
      default -> c == 0x34f || c == 0xfffc;
    };
  }

  private static boolean isJoiner(int c) {
    return c == 0x200c || c == 0x200d;
  }

  /** Persian, the scripts of India and emoji mean something by it; letters of the West do not. */
  private static boolean isJoined(int before) {
    return switch (Character.UnicodeScript.of(before)) {
      case LATIN, GREEK, CYRILLIC -> false;
      default -> !Character.isWhitespace(before) && before >= 0x80;
    };
  }
}
