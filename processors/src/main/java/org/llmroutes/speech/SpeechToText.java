package org.llmroutes.speech;

import org.llmroutes.http.Deadline;

/** Writes down what is said. Safe for concurrent use. */
public interface SpeechToText {

  /**
   * @return {@link Transcript#NOTHING} too where the audio is too short for the service
   * @throws org.llmroutes.errors.StepException step {@code stt}: unavailable, timeout or rejected
   */
  Transcript transcribe(Recording recording, Deadline deadline);
}
