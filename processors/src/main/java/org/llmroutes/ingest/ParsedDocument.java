package org.llmroutes.ingest;

import java.util.List;
import java.util.Map;

/**
 * A document as its parser found it.
 *
 * @param metadata what the document says of itself
 */
record ParsedDocument(Map<String, Object> metadata, List<Section> sections) {}
