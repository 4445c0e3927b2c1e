package org.llmroutes.speech;

import org.llmroutes.http.Deadline;

/** Writes down what is said. Safe for concurrent use. */
public interface SpeechToText {

  /**
   * @param language ISO 639-1 code of what is spoken; empty lets the service find out
   * @return what was said, without space around it; empty where nothing was
   * @throws org.llmroutes.errors.StepException step {@code stt}: unavailable, timeout or rejected
   */
  String transcribe(Audio audio, String language, Deadline deadline);
}
