package org.llmroutes.ingest;

import java.io.IOException;
import java.io.InputStream;
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

  /**
   * @param maxBytes that a file may have
   */
  byte[] read(long maxBytes) throws InvalidDocument {
    try {
      long size = Files.size(path);
      if (size > maxBytes) {
        throw new InvalidDocument(
            "is larger than %d MiB; split it, or raise ingestion.file.max-bytes"
                .formatted(maxBytes >> 20));
      }
      try (InputStream file = Files.newInputStream(path)) {
        byte[] content = file.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, maxBytes));
        HeapNeed.require(format, content);
        return content;
      }
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
