package org.llmroutes.turn;

/** Who is told of an answer while it is written. */
public interface AnswerListener {
  /** Nobody; the user reads every token. */
  AnswerListener NONE =
      new AnswerListener() {
        @Override
        public void token(String text) {
          // nobody listens
        }
      };

  void token(String text);

  /** The answer so far is dropped and begins again. */
  default void begunAgain() {}

  /**
   * Nothing more is to be told of the answer: it is composed, or the turn was cancelled or ran out
   * of time. May be called on another thread, and more than once.
   */
  default void stopped() {}

  /** Code points of the answer that have reached the user. */
  default int reached() {
    return Integer.MAX_VALUE;
  }
}
