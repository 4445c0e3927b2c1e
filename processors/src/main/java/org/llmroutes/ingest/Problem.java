package org.llmroutes.ingest;

/**
 * A file that was left out.
 *
 * @param reason reads on after the name: {@code is not UTF-8 text}
 */
public record Problem(String document, String reason) {}
