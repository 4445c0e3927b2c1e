package org.llmroutes.speech;

import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/** Audio that is empty, broken or of no format that is understood. */
public final class InvalidAudio extends TurnException {
  InvalidAudio(String message) {
    super(ErrorCode.INVALID_MESSAGE, message);
  }

  /** The same for audio that others may be able to read. */
  static InvalidAudio toConvert(String reason) {
    return new InvalidAudio(reason + "; convert it: ffmpeg -i FILE -ac 1 -ar 16000 audio.wav");
  }
}
