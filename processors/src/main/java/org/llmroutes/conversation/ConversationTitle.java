package org.llmroutes.conversation;

import java.util.regex.Pattern;

/** What a conversation is called: its first question, or how that begins. */
final class ConversationTitle {
  /** Code points of it at most. */
  private static final int LENGTH = 80;

  private static final Pattern SPACES = Pattern.compile("\\s+");

  private ConversationTitle() {}

  static String of(String question) {
    return Excerpt.of(SPACES.matcher(question.strip()).replaceAll(" "), LENGTH);
  }
}
