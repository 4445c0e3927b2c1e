package org.llmroutes.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.llmroutes.contract.Sha256;

/** Writes the file with the API keys of a gateway. */
final class KeysFile {
  private KeysFile() {}

  /**
   * @param entries as {@code KEY: USER}, with whatever else the entry has behind it
   */
  static Path write(Path file, String... entries) throws IOException {
    StringBuilder yaml = new StringBuilder("keys:\n");
    for (String entry : entries) {
      String[] parts = entry.split(": ", 2);
      yaml.append("  - {sha256: %s, user: %s}\n".formatted(Sha256.of(parts[0]), parts[1]));
    }
    Instant before =
        Files.exists(file) ? Files.getLastModifiedTime(file).toInstant() : Instant.EPOCH;
    Files.writeString(file, yaml);
    // a clock that is coarse must not hide the change
    return Files.setLastModifiedTime(file, FileTime.from(before.plusSeconds(1)));
  }
}
