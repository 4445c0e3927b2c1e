package org.llmroutes.conversation;

/** How a text begins. */
final class Excerpt {
  private Excerpt() {}

  /**
   * The text without space around it, or its beginning, if possible of whole words.
   *
   * @param most code points of it, the last of which says that it goes on
   */
  static String of(String text, int most) {
    String all = text.strip();
    if (all.codePointCount(0, all.length()) <= most) {
      return all;
    }
    String beginning = all.substring(0, all.offsetByCodePoints(0, most - 1));
    int word = beginning.lastIndexOf(' ');
    return (word > most / 2 ? beginning.substring(0, word) : beginning) + "…";
  }
}
