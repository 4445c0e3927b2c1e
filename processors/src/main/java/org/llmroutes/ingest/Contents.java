package org.llmroutes.ingest;

import java.time.Instant;

/** Where the bytes of a document come from. */
interface Contents {
  /** With the ending that tells its format. */
  String name();

  /**
   * @param maxBytes that it may have
   */
  byte[] read(long maxBytes) throws InvalidDocument;

  /** When it was last written, to the second. */
  Instant modified() throws InvalidDocument;

  static InvalidDocument tooLarge(long maxBytes) {
    return new InvalidDocument(
        "is larger than %d MiB; split it, or raise ingestion.file.max-bytes"
            .formatted(maxBytes >> 20));
  }
}
