package org.llmroutes.speech;

import org.llmroutes.http.Deadline;

/** Reads a text aloud. Safe for concurrent use. */
public interface TextToSpeech {

  /**
   * @return a whole file, which says its format itself
   * @throws org.llmroutes.errors.StepException step {@code tts}: unavailable, timeout or rejected
   */
  Audio speak(Utterance utterance, Deadline deadline);
}
