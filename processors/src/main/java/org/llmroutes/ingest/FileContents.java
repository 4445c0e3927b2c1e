package org.llmroutes.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Those of a file. */
record FileContents(Path path) implements Contents {

  @Override
  public String name() {
    return path.getFileName().toString();
  }

  @Override
  public byte[] read(long maxBytes) throws InvalidDocument {
    try {
      long size = Files.size(path);
      if (size > maxBytes) {
        throw Contents.tooLarge(maxBytes);
      }
      try (InputStream file = Files.newInputStream(path)) {
        return file.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, maxBytes));
      }
    } catch (IOException e) {
      throw new InvalidDocument(reason(e), e);
    }
  }

  @Override
  public Instant modified() throws InvalidDocument {
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
