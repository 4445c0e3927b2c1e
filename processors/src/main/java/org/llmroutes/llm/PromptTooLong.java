package org.llmroutes.llm;

import org.llmroutes.errors.StepException;
import org.llmroutes.http.ErrorAnswer;

/** The prompt, with what is left for the answer, does not fit the context of the model. */
final class PromptTooLong extends ModelRefusal {
  private static final long serialVersionUID = 1;

  PromptTooLong(StepException failure, ErrorAnswer error) {
    super(failure, Complaint.PROMPT_TOO_LONG, error);
  }

  /** Whether the limit that the request asks for has to do with it. */
  boolean namesTheLimit() {
    return words().contains("max_tokens")
        || words().contains("max_completion_tokens")
        || words().contains("max_new_tokens")
        || words().contains("in the completion");
  }
}
