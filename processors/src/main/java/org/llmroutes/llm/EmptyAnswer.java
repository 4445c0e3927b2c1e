package org.llmroutes.llm;

import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;

/**
 * A generation that ended well and gave no answer. LM Studio ends so where the prompt does not fit
 * the context.
 */
final class EmptyAnswer extends StepException {
  private static final long serialVersionUID = 1;

  EmptyAnswer(String step, String message) {
    super(step, ErrorCode.UNAVAILABLE, message, null);
  }
}
