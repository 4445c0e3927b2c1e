package org.llmroutes.speech;

import org.llmroutes.http.Deadline;

/** Reads a text aloud. Safe for concurrent use. */
public interface TextToSpeech {

  /**
   * @return a whole file, which says its format and its length itself
   * @throws org.llmroutes.errors.StepException step {@code tts}: unavailable, timeout or rejected
   */
  Audio speak(Utterance utterance, Deadline deadline);

  /**
   * @param language ISO 639-1 code of the text, or empty
   * @return code points of a text at most
   */
  int longest(String language);

  /** How many texts the service speaks at the same time. */
  int atOnce();
}
