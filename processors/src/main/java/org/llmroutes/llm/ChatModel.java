package org.llmroutes.llm;

import org.llmroutes.http.Deadline;

/** A large language model behind the OpenAI chat completions API. Safe for concurrent use. */
public interface ChatModel {

  /**
   * Generates and hands each token to the listener on the calling thread, the moment it arrives;
   * thoughts are no tokens. Closing happens by interrupting the calling thread or by an exception
   * out of the listener: the HTTP response is closed at once, so that the server stops generating.
   *
   * @throws org.llmroutes.errors.StepException step {@code llm}: unavailable, timeout or rejected;
   *     {@link PromptTooLong} and {@link EmptyAnswer} say that less may be asked with success
   */
  Completion stream(CompletionRequest request, Deadline deadline, GenerationListener listener);

  /**
   * Generates without streaming, for short answers such as a rewritten question. The text is empty
   * where the model came to no more than thoughts.
   */
  Completion complete(CompletionRequest request, Deadline deadline);
}
