package org.llmroutes.gateway;

import java.util.Map;

/** Where an answer is written as it arrives. Called on the event loop of its request alone. */
interface AnswerSink {
  /** Whether chunks are wanted, or the final response alone. */
  boolean wantsChunks();

  /** A stream chunk of the contract. */
  void chunk(Map<String, Object> chunk);

  /** The final response, the last thing that is written. */
  void response(Map<String, Object> response);

  /** What is written instead of a response that does not come. */
  void problem(HttpProblem problem);

  /** Nothing new has come for a while. */
  void keepAlive();

  /** Whether the client reads more slowly than it is written to. */
  boolean isFull();

  /** Calls once when there is room again. */
  void onRoom(Runnable action);
}
