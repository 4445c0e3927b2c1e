package org.llmroutes.ingest;

import java.util.List;
import java.util.Map;

/**
 * A document as its parser found it.
 *
 * @param metadata what the document says of itself: texts, booleans, longs, doubles, and lists of
 *     these; where known, {@code url} is its web address and {@code modified} a date of ISO 8601
 * @param warnings for its author, empty where all was read
 */
record ParsedDocument(
    Map<String, Object> metadata, List<Section> sections, List<Warning> warnings) {

  /** One that says nothing of itself and was read whole. */
  ParsedDocument(List<Section> sections) {
    this(Map.of(), sections, List.of());
  }
}
