package org.llmroutes.speech;

import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;

/** Stands for a speech service that there is not: whatever is asked of it is refused at once. */
record NoSpeech(ServiceSettings settings, String step) implements SpeechToText, TextToSpeech {

  @Override
  public Transcript transcribe(Recording recording, Deadline deadline) {
    throw refusal();
  }

  @Override
  public Audio speak(Utterance utterance, Deadline deadline) {
    throw refusal();
  }

  @Override
  public int longest(String language) {
    return Integer.MAX_VALUE;
  }

  @Override
  public int atOnce() {
    return 1;
  }

  private StepException refusal() {
    return new StepException(
        step,
        ErrorCode.REJECTED,
        "There is no %s here (%s is %s)"
            .formatted(settings.name(), settings.variable("PROTOCOL"), settings.protocol()),
        null);
  }
}
