package org.llmroutes.ingest;

/** Reads one file format. */
@FunctionalInterface
interface DocumentParser {

  /**
   * @param name title of a document that has none
   * @throws InvalidDocument where the content is not what its format asks
   */
  ParsedDocument parse(byte[] content, String name) throws InvalidDocument;
}
