package org.llmroutes.speech;

/**
 * What a text-to-speech service is to say.
 *
 * @param text something to say, not empty
 * @param voice a name that the service knows; empty for its own choice
 * @param language ISO 639-1 code of the text; empty for the service's own choice
 * @param format wished; a service that has WAV only answers with that
 */
public record Utterance(String text, String voice, String language, AudioFormat format) {}
