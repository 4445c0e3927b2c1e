package org.llmroutes.ingest;

/**
 * What to ingest as one document.
 *
 * @param document its name in the collection
 */
record SourceFile(Contents contents, String document, DocumentFormat format) {

  /**
   * @param maxBytes that it may have
   */
  byte[] read(long maxBytes) throws InvalidDocument {
    byte[] content = contents.read(maxBytes);
    HeapNeed.require(format, content);
    return content;
  }
}
