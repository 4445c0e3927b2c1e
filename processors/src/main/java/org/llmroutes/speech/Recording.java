package org.llmroutes.speech;

/**
 * What a speech-to-text service is to write down.
 *
 * @param audio of a format that it may be able to read
 * @param language ISO 639-1 code of what is spoken; empty lets the service find out
 * @param prompt words that are to be expected, or what was said before; empty for none
 */
public record Recording(Audio audio, String language, String prompt) {}
