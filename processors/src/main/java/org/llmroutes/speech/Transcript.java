package org.llmroutes.speech;

/**
 * What a speech-to-text service made of some audio.
 *
 * @param text without space around it; empty where it heard nothing
 * @param language ISO 639-1 code of what was spoken; empty where the service does not say it
 * @param noSpeech how probable it is that nobody spoke, 0 to 1; NaN where the service does not say
 *     it
 */
public record Transcript(String text, String language, double noSpeech) {
  static final Transcript NOTHING = new Transcript("", "", 1);
}
