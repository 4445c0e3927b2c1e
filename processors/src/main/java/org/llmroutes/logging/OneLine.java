package org.llmroutes.logging;

/** Text that may come from anywhere, as a part of one line that it can neither break nor forge. */
final class OneLine {
  private OneLine() {}

  /**
   * Control characters, line separators and marks that reorder text become visible escapes; what is
   * longer is cut.
   *
   * @param most characters
   */
  static String of(String text, int most) {
    if (text.length() <= most && isAscii(text)) {
      return text;
    }
    int length = Math.min(text.length(), most);
    StringBuilder line = new StringBuilder(length + 16);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (isPlain(c)) {
        line.append(c);
      } else if (c == '\n') {
        line.append("\\n");
      } else if (c == '\t') {
        line.append(' ');
      } else {
        line.append(String.format("\\u%04x", (int) c));
      }
    }
    return text.length() > most ? line + cut(text.length() - most) : line.toString();
  }

  /** The text as it is, but for its end. */
  static String shortened(String text, int most) {
    return text.length() > most ? text.substring(0, most) + cut(text.length() - most) : text;
  }

  private static String cut(int more) {
    return "… (" + more + " more)";
  }

  /** Most of what is logged, which needs no closer look. */
  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlain(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
