package org.llmroutes.llm;

import java.util.function.Consumer;
import org.llmroutes.http.Deadline;

/** A large language model behind the OpenAI chat completions API. Safe for concurrent use. */
public interface ChatModel {

  /**
   * Generates and hands each token to {@code onToken} on the calling thread, the moment it arrives.
   * Closing happens by interrupting the calling thread or by an exception out of {@code onToken}:
   * the HTTP response is closed at once, so that the server stops generating.
   *
   * @throws org.llmroutes.errors.StepException step {@code llm}: unavailable, timeout or rejected
   */
  Completion stream(CompletionRequest request, Deadline deadline, Consumer<String> onToken);

  /** Generates without streaming, for short answers such as a rewritten question. */
  Completion complete(CompletionRequest request, Deadline deadline);
}
