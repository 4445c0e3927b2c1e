package org.llmroutes.ingest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.llmroutes.retrieval.DocumentCollection;

/** The files below one or more paths that a shard holds, each with the name of its document. */
final class SourceFiles {
  private final TreeMap<String, SourceFile> found = new TreeMap<>();
  private final Map<String, Integer> otherTypes = new TreeMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Set<SourceRoot> notReadWhole = new HashSet<>();
  private final Shard shard;

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

  /** How many files there are of types that are not read, by the end of their names. */
  Map<String, Integer> otherTypes() {
    return otherTypes;
  }

  /** Whether a file of that name was seen, of whatever shard and type. */
  boolean saw(String document) {
    return names.contains(document);
  }

  /** Whether there was any file below the path. */
  boolean sawAnyOf(SourceRoot root) {
    return names.stream().anyMatch(name -> name.startsWith(root.prefix()));
  }

  /** Whether a folder below the path could not be looked into. */
  boolean isNotReadWhole(SourceRoot root) {
    return notReadWhole.contains(root);
  }

  /** Adds a file, or the files below a folder. */
  void add(SourceRoot root) {
    try {
      Path real = root.path().toRealPath();
      if (Files.isDirectory(real)) {
        FolderWalk.walk(this, root, real);
      } else if (!Files.isRegularFile(real)) {
        problem(root.name(), "is neither a file nor a folder");
      } else {
        addNamed(new FileContents(real), root.name());
      }
    } catch (IOException e) {
      problem(root.name(), FileContents.reason(e));
    }
  }

  /** Adds a document that is in memory. */
  void add(GivenDocument document) {
    addNamed(document, document.name());
  }

  /** What somebody has named is not passed over unsaid. */
  private void addNamed(Contents contents, String document) {
    if (DocumentFormat.of(contents.name()).isPresent()) {
      add(contents, document);
    } else {
      problem(document, "is of a type that is not read");
    }
  }

  /** Takes in a file that was found below a path. */
  void add(Contents file, String document) {
    names.add(document);
    if (!shard.holds(document)) {
      return;
    }
    Optional<DocumentFormat> format = DocumentFormat.of(file.name());
    if (format.isEmpty()) {
      otherTypes.merge(type(document), 1, Integer::sum);
    } else if (document.getBytes(StandardCharsets.UTF_8).length > DocumentCollection.NAME_BYTES
        || document.chars().anyMatch(Character::isISOControl)) {
      problem(document, "has a name that is too long or not printable; rename it");
    } else {
      SourceFile other = found.putIfAbsent(document, new SourceFile(file, document, format.get()));
      if (other != null && !other.contents().equals(file)) {
        problem(document, "is the name of two files; ingest from a folder above both");
      }
    }
  }

  void problem(String document, String reason) {
    if (shard.holds(document)) {
      problems.add(new Problem(document, reason));
    }
  }

  void notReadWhole(SourceRoot root) {
    notReadWhole.add(root);
  }

  private static String type(String document) {
    String name = document.substring(document.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    return dot < 1 ? "without an extension" : name.substring(dot).toLowerCase(Locale.ROOT);
  }
}
