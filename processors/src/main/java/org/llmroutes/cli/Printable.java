package org.llmroutes.cli;

/** Text from outside, made fit for a terminal. */
final class Printable {
  private Printable() {}

  /**
   * Writes as backslash, u and four hex digits, as in JSON, whatever is not text: control
   * characters other than line feeds, invisible formatting such as changes of direction, broken
   * surrogates.
   */
  static String lines(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n' || isText(c)) {
                out.appendCodePoint(c);
              } else {
                for (char unit : Character.toChars(c)) {
                  out.append("\\u%04x".formatted((int) unit));
                }
              }
            });
    return out.toString();
  }

  /** The same, and for line feeds too. */
  static String line(String text) {
    return lines(text).replace("\n", "\\u000a");
  }

  private static boolean isText(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
