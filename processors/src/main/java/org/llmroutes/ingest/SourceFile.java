package org.llmroutes.ingest;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A file to ingest.
 *
 * @param document its name in the collection
 */
record SourceFile(Path path, String document, DocumentFormat format) {
  private static final long MAX_BYTES = 32L << 20;

  byte[] read() throws InvalidDocument {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new InvalidDocument("is too large: over " + (MAX_BYTES >> 20) + " MiB");
      }
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new InvalidDocument(reason(e), e);
    }
  }

  /** When it was last written, to the second. */
  Instant modified() throws InvalidDocument {
    try {
      return Files.getLastModifiedTime(path).toInstant().truncatedTo(ChronoUnit.SECONDS);
    } catch (IOException e) {
      throw new InvalidDocument(reason(e), e);
    }
  }

  static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "may not be read: permission denied";
    } else if (failure instanceof NoSuchFileException) {
      return "does not exist any more";
    }
    return "cannot be read: " + failure.getMessage();
  }
}
