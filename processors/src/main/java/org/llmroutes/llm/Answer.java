package org.llmroutes.llm;

/**
 * What one call of a model gave.
 *
 * @param thoughts whether it thought
 * @param thinking what is known of how it thinks
 */
record Answer(Completion completion, FinishReason end, boolean thoughts, Thinking thinking) {}
