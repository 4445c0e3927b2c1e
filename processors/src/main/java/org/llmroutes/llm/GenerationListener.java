package org.llmroutes.llm;

/** Who is told of an answer while the model writes it, on the thread that asked. */
@FunctionalInterface
public interface GenerationListener {

  /** The next piece of the answer. */
  void token(String text);

  /** The next piece of what the model thinks before it answers; no part of the answer. */
  default void thought(String text) {}

  /** The tokens so far were thoughts, which only their end has shown: the answer begins now. */
  default void begunAgain() {}
}
