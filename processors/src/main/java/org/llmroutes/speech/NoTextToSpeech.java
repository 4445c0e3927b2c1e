package org.llmroutes.speech;

import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;

/** Stands for a service that there is not: nothing is spoken, and answers are read. */
record NoTextToSpeech(ServiceSettings settings) implements TextToSpeech {

  @Override
  public Audio speak(Utterance utterance, Deadline deadline) {
    throw new StepException("tts", ErrorCode.REJECTED, settings.absence(), null);
  }

  @Override
  public int longest(String language) {
    return Integer.MAX_VALUE;
  }

  @Override
  public int atOnce() {
    return 1;
  }
}
