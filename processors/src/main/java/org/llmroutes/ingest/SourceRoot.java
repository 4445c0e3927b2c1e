package org.llmroutes.ingest;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A path given to an ingestion.
 *
 * @param name of its documents: the path relative to the base where it lies below it, else to its
 *     own parent; always with slashes
 */
record SourceRoot(Path path, String name) {

  static SourceRoot of(Path path, Path base) {
    Path whole = base.resolve(path).normalize();
    Path above = whole.startsWith(base) ? base : whole.getParent();
    return new SourceRoot(whole, above == null ? "" : FileNames.relative(above, whole));
  }

  /** What the names of documents below it begin with; empty where it is the base itself. */
  String prefix() {
    return name.isEmpty() ? "" : name + "/";
  }

  boolean isFolder() {
    return Files.isDirectory(path);
  }

  /** Whether the file of a document below it is certainly not there, rather than out of reach. */
  boolean isGone(String document) {
    return Files.notExists(
        FileNames.resolve(path, document.substring(prefix().length())), LinkOption.NOFOLLOW_LINKS);
  }
}
