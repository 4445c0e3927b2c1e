package org.llmroutes.speech;

import org.llmroutes.http.Deadline;

/** Reads a text aloud. Safe for concurrent use. */
public interface TextToSpeech {

  /**
   * @param text something to say, not empty
   * @param voice a name that the service knows; empty for its own choice
   * @param language ISO 639-1 code of the text; empty for the service's own choice
   * @param format wished; a service that has WAV only answers with that
   * @return a whole file, which says its format itself
   * @throws org.llmroutes.errors.StepException step {@code tts}: unavailable, timeout or rejected
   */
  Audio speak(String text, String voice, String language, AudioFormat format, Deadline deadline);
}
