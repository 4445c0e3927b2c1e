package org.llmroutes.speech;

import java.util.List;

/**
 * What a speech-to-text service made of some audio.
 *
 * @param text without space around it; empty where it heard nothing
 * @param language ISO 639-1 code of what was spoken; empty where the service does not say it
 * @param noSpeech how probable it is that nobody spoke, 0 to 1; NaN where the service does not say
 *     it
 * @param segments what was said when, in order; empty where the service does not say it
 */
public record Transcript(String text, String language, double noSpeech, List<Segment> segments) {
  public static final Transcript NOTHING = new Transcript("", "", 1, List.of());

  /**
   * A part of what was said.
   *
   * @param text without space around it
   * @param start in seconds from the beginning of the audio
   * @param end in seconds, not before {@code start}
   * @param noSpeech as of the whole
   */
  public record Segment(String text, double start, double end, double noSpeech) {}
}
