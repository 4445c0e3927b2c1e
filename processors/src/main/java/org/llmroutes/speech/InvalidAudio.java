package org.llmroutes.speech;

import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/** Audio that is empty, broken or not of the format that it is said to have. */
public final class InvalidAudio extends TurnException {
  InvalidAudio(String message) {
    super(ErrorCode.INVALID_MESSAGE, message);
  }
}
