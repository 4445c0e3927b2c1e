package org.llmroutes.ingest;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds the files below a folder, each once. Links are looked at last: what they lead to has its
 * own name where it is below the folder too, and theirs where that is passed over, as in mounted
 * Kubernetes config maps. One that leads nowhere or out of the folder is a problem.
 */
final class FolderWalk extends SimpleFileVisitor<Path> {
  private static final Set<String> BUILD_FOLDERS =
      Set.of("target", "build", "dist", "node_modules", "__pycache__", "venv");

  private final SourceFiles files;
  private final SourceRoot root;
  private final Path start;
  private final String prefix;
  private final Set<Path> seen;
  private final Deque<Path> links = new ArrayDeque<>();

  private FolderWalk(
      SourceFiles files, SourceRoot root, Path start, String prefix, Set<Path> seen) {
    this.files = files;
    this.root = root;
    this.start = start;
    this.prefix = prefix;
    this.seen = seen;
  }

  /**
   * @param folder of the root, without links in its path
   */
  static void walk(SourceFiles files, SourceRoot root, Path folder) throws IOException {
    new FolderWalk(files, root, folder, root.prefix(), new HashSet<>()).walk(folder);
  }

  private void walk(Path top) throws IOException {
    Files.walkFileTree(start, this);
    while (!links.isEmpty()) {
      Path link = links.poll();
      try {
        follow(link, link.toRealPath(), top);
      } catch (AccessDeniedException e) {
        problem(link, FileContents.reason(e));
      } catch (FileSystemException e) {
        problem(link, "is a link that leads nowhere; mend it or remove it");
      }
    }
  }

  private void follow(Path link, Path target, Path top) throws IOException {
    if (!target.startsWith(top)) {
      problem(link, "is a link that leads out of the folder; ingest what it leads to");
    } else if (!seen.contains(target) && Files.isDirectory(target)) {
      new FolderWalk(files, root, target, name(link) + "/", seen).walk(top);
    } else if (seen.add(target) && Files.isRegularFile(target)) {
      files.add(new FileContents(target), name(link));
    }
  }

  /** A link to what would not be read anyway, as to pictures, is none. */
  private void problem(Path link, String reason) {
    if (Files.isDirectory(link) || DocumentFormat.of(link.getFileName().toString()).isPresent()) {
      files.problem(name(link), reason);
    }
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    String name = String.valueOf(folder.getFileName());
    boolean passOver = name.startsWith(".") || BUILD_FOLDERS.contains(name);
    if (passOver && !folder.equals(start) || !seen.add(folder)) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (file.getFileName().toString().startsWith(".")) {
      return FileVisitResult.CONTINUE;
    }
    if (attributes.isSymbolicLink()) {
      links.add(file);
    } else if (attributes.isRegularFile()) {
      seen.add(file);
      files.add(new FileContents(file), name(file));
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException failure) {
    files.notReadWhole(root);
    files.problem(name(file), FileContents.reason(failure));
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, IOException failure) {
    if (failure != null) {
      visitFileFailed(folder, failure);
    }
    return FileVisitResult.CONTINUE;
  }

  private String name(Path file) {
    return prefix + FileNames.relative(start, file);
  }
}
