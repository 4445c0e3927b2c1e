package org.llmroutes.speech;

import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;

/** Stands for a service that there is not: whatever is spoken is refused at once. */
record NoSpeechToText(ServiceSettings settings) implements SpeechToText {

  @Override
  public Transcript transcribe(Recording recording, Deadline deadline) {
    throw new StepException("stt", ErrorCode.REJECTED, settings.absence(), null);
  }
}
