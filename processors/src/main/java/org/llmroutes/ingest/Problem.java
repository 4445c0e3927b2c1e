package org.llmroutes.ingest;

/**
 * What should be known of a file.
 *
 * @param document its name
 * @param reason reads on after the name: {@code is not a readable PDF}
 */
public record Problem(String document, String reason) {}
