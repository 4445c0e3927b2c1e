package org.llmroutes.speech;

/**
 * A piece of an answer that is spoken at once.
 *
 * @param spoken what is said, without marks; empty only at the end of an answer, where nothing that
 *     can be said is left
 * @param end the offset in the answer, in code points, that this piece reaches
 */
public record Sentence(String spoken, int end) {}
