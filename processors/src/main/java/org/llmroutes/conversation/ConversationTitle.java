package org.llmroutes.conversation;

/** What a conversation is called: its first question, or how that begins. */
final class ConversationTitle {
  /** Code points of it at most. */
  private static final int LENGTH = 80;

  private ConversationTitle() {}

  static String of(String question) {
    return Excerpt.of(question.strip().replaceAll("\\s+", " "), LENGTH);
  }
}
