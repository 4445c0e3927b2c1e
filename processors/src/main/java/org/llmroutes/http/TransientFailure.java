package org.llmroutes.http;

import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;

/** A failure that the next try may not have: no connection, no answer in time, 429, 5xx. */
final class TransientFailure extends StepException {
  TransientFailure(String step, String message, Throwable cause) {
    super(step, ErrorCode.UNAVAILABLE, message, cause);
  }
}
