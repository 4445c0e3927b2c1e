package org.llmroutes.conversation;

/** What a conversation is called: its first question, or how that begins. */
final class ConversationTitle {
  /** Code points of it at most. */
  private static final int LENGTH = 80;

  private ConversationTitle() {}

  static String of(String question) {
    String line = question.strip().replaceAll("\\s+", " ");
    if (line.codePointCount(0, line.length()) <= LENGTH) {
      return line;
    }
    String beginning = line.substring(0, line.offsetByCodePoints(0, LENGTH - 1));
    int word = beginning.lastIndexOf(' ');
    return (word > LENGTH / 2 ? beginning.substring(0, word) : beginning) + "…";
  }
}
