package org.llmroutes.ingest;

/** Reads one file format. */
@FunctionalInterface
interface DocumentParser {
  /** What the file says of its readers. */
  default StatedReaders readers(byte[] content) throws InvalidDocument {
    return StatedReaders.none(content);
  }

  /**
   * @param name title of a document that has none
   * @throws InvalidDocument where the content is not what its format asks
   */
  ParsedDocument parse(byte[] content, String name) throws InvalidDocument;
}
