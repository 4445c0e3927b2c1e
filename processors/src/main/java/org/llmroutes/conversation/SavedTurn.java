package org.llmroutes.conversation;

/**
 * One turn of a conversation.
 *
 * @param question what the user said
 * @param answer what was answered, or the text so far of a cancelled turn
 * @param cancelled whether the user stopped it
 */
public record SavedTurn(String question, String answer, boolean cancelled) {}
