package org.llmroutes.conversation;

/**
 * One turn of a conversation.
 *
 * @param question what the user said
 * @param answer what was answered, or the text so far of a cancelled turn
 * @param cancelled whether the user stopped it
 */
public record SavedTurn(String question, String answer, boolean cancelled) {

  /**
   * The turn as the user has it who stopped it.
   *
   * @param codePoints of the answer that reached the user; more than it has means all of it
   */
  SavedTurn cutOffAt(int codePoints) {
    boolean whole = codePoints >= answer.codePointCount(0, answer.length());
    return new SavedTurn(
        question,
        whole ? answer : answer.substring(0, answer.offsetByCodePoints(0, codePoints)),
        true);
  }
}
