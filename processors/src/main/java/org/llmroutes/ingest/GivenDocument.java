package org.llmroutes.ingest;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A document that is in memory.
 *
 * @param name of it in the collection; its ending tells its format, and nothing takes it for a path
 * @param bytes not copied
 * @param since when it is as it is now
 */
public record GivenDocument(String name, byte[] bytes, Instant since) implements Contents {

  @Override
  public byte[] read(long maxBytes) throws InvalidDocument {
    if (bytes.length > maxBytes) {
      throw Contents.tooLarge(maxBytes);
    }
    return bytes;
  }

  @Override
  public Instant modified() {
    return since.truncatedTo(ChronoUnit.SECONDS);
  }
}
