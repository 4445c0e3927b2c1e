package org.llmroutes.ingest;

/**
 * What should be known of a document that was read.
 *
 * @param reason reads on after the name: {@code has 3 of 4 pages without text}
 * @param leftOut whether something that people read is missing, so that the ingestion is not whole
 */
public record Warning(String reason, boolean leftOut) {}
