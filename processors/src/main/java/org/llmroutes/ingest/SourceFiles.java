package org.llmroutes.ingest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.llmroutes.retrieval.DocumentCollection;

/** The files below one or more paths that a shard holds, each with the name of its document. */
final class SourceFiles {
  private static final Set<String> BUILD_FOLDERS =
      Set.of("target", "build", "dist", "node_modules", "__pycache__", "venv");

  private final TreeMap<String, SourceFile> found = new TreeMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Shard shard;
  private int skipped;

  SourceFiles(Shard shard) {
    this.shard = shard;
  }

  /** In the order of their names. */
  Collection<SourceFile> files() {
    return found.values();
  }

  List<Problem> problems() {
    return problems;
  }

  /** How many files there are of types that are not read. */
  int skipped() {
    return skipped;
  }

  /** Adds a file, or the files below a folder. */
  void add(SourceRoot root) {
    try {
      Path real = root.path().toRealPath();
      if (Files.isDirectory(real)) {
        Files.walkFileTree(real, new Walk(real, root.prefix()));
      } else if (DocumentFormat.of(real).isPresent()) {
        add(real, root.name());
      } else {
        problems.add(new Problem(root.name(), "is not Markdown, HTML, PDF or text"));
      }
    } catch (IOException e) {
      problems.add(new Problem(root.name(), SourceFile.reason(e)));
    }
  }

  private void add(Path file, String document) {
    if (!shard.holds(document)) {
      return;
    }
    Optional<DocumentFormat> format = DocumentFormat.of(file);
    if (format.isEmpty()) {
      skipped++;
    } else if (document.getBytes(StandardCharsets.UTF_8).length > DocumentCollection.NAME_BYTES
        || document.chars().anyMatch(Character::isISOControl)) {
      problems.add(new Problem(document, "has a name that is too long or not printable"));
    } else {
      SourceFile other = found.putIfAbsent(document, new SourceFile(file, document, format.get()));
      if (other != null && !other.path().equals(file)) {
        problems.add(
            new Problem(document, "is the name of two files; ingest from a folder above both"));
      }
    }
  }

  private final class Walk extends SimpleFileVisitor<Path> {
    private final Path root;
    private final String prefix;

    Walk(Path root, String prefix) {
      this.root = root;
      this.prefix = prefix;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      String name = String.valueOf(folder.getFileName());
      boolean passOver = name.startsWith(".") || BUILD_FOLDERS.contains(name);
      return passOver && !folder.equals(root)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      boolean hidden = file.getFileName().toString().startsWith(".");
      if (!hidden && (attributes.isRegularFile() || isLinkInside(file))) {
        add(file, name(file));
      }
      return FileVisitResult.CONTINUE;
    }

    /** Mounted Kubernetes config maps are links to files beside them. */
    private boolean isLinkInside(Path file) throws IOException {
      return Files.isRegularFile(file) && file.toRealPath().startsWith(root);
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      problems.add(new Problem(name(file), SourceFile.reason(failure)));
      return FileVisitResult.CONTINUE;
    }

    private String name(Path file) {
      return prefix + SourceRoot.slashes(root.relativize(file));
    }
  }
}
