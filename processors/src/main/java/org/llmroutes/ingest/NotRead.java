package org.llmroutes.ingest;

/**
 * A format that is known and not read.
 *
 * @param reason reads on after the name, and says what to do
 */
record NotRead(String reason) implements DocumentParser {

  static NotRead saveAs(String what, String extension) {
    return new NotRead("is " + what + ", which is not read; save it as ." + extension);
  }

  @Override
  public ParsedDocument parse(byte[] content, String name) throws InvalidDocument {
    throw new InvalidDocument(reason);
  }
}
