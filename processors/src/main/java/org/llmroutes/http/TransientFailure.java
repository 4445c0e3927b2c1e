package org.llmroutes.http;

import java.time.Duration;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;

/** A failure that the next try may not have: no connection, no answer in time, 429, 5xx. */
final class TransientFailure extends StepException {
  private final Duration retryAfter;

  TransientFailure(String step, String message, Throwable cause) {
    this(step, message, Duration.ZERO, cause);
  }

  /**
   * @param retryAfter how long the service wants to be left alone, zero where it does not say
   */
  TransientFailure(String step, String message, Duration retryAfter, Throwable cause) {
    super(step, ErrorCode.UNAVAILABLE, message, cause);
    this.retryAfter = retryAfter;
  }

  Duration retryAfter() {
    return retryAfter;
  }
}
