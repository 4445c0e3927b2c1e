package org.llmroutes.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** Documents that are zip files, bounded by what they hold and not by what they say. */
final class ZipFiles {
  private static final long MAX_BYTES = 512L << 20;
  private static final int BUFFER = 1 << 16;

  private ZipFiles() {}

  static ZipFile open(byte[] content) throws IOException {
    return ZipFile.builder().setSeekableByteChannel(new SeekableInMemoryByteChannel(content)).get();
  }

  /**
   * @throws InvalidDocument where it is no whole zip file, and where the files in it are larger
   *     together than any document
   */
  static void check(byte[] content) throws InvalidDocument {
    byte[] buffer = new byte[BUFFER];
    long left = MAX_BYTES;
    try (ZipFile zip = open(content)) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        try (InputStream file = zip.getInputStream(entry)) {
          for (int read = file.read(buffer); read >= 0; read = file.read(buffer)) {
            left -= read;
            if (left < 0) {
              throw new InvalidDocument(
                  "is too large: its parts have over " + (MAX_BYTES >> 20) + " MiB");
            }
          }
        }
      }
    } catch (IOException e) {
      throw new InvalidDocument("is damaged, or another type of file; save it again", e);
    }
  }

  /** The files that are wanted, by their names, in the order of the zip file. */
  static Map<String, byte[]> read(byte[] content, Predicate<String> wanted)
      throws IOException, InvalidDocument {
    check(content);
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipFile zip = open(content)) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        if (wanted.test(entry.getName())) {
          files.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
        }
      }
    }
    return files;
  }
}
