package org.llmroutes.validate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a project, by their names relative to its home.
 *
 * @param mistakes where what is found in them goes
 */
record ProjectFiles(Path home, Mistakes mistakes) {

  /**
   * Names of the files below a folder that end so, in order; none where the folder is missing. A
   * mounted ConfigMap has each file once more below folders that begin with {@code ..}, and what is
   * built is no source.
   */
  List<String> names(String folder, String ending) {
    if (!Files.isDirectory(home.resolve(folder))) {
      return List.of();
    }
    try {
      // the folder itself may be a link, which a walk would not follow
      return names(folder, ending, home.resolve(folder).toRealPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> names(String folder, String ending, Path at) throws IOException {
    try (Stream<Path> files = Files.walk(at)) {
      return files
          .filter(file -> file.toString().endsWith(ending) && Files.isRegularFile(file))
          .map(file -> folder + "/" + at.relativize(file).toString().replace('\\', '/'))
          .filter(name -> !name.contains("/..") && !name.contains("/target/"))
          .sorted()
          .toList();
    }
  }

  /** A file's text; empty, with a mistake noted, where it is not UTF-8. */
  String text(String name) {
    try {
      return Files.readString(home.resolve(name));
    } catch (MalformedInputException e) {
      mistakes.add(name, 1, "not UTF-8");
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files below a folder that end so, parsed. */
  Map<String, SourceFile> sources(String folder, String ending) {
    Map<String, SourceFile> sources = new TreeMap<>();
    for (String name : names(folder, ending)) {
      sources.put(name, new SourceFile(name, text(name), mistakes));
    }
    return sources;
  }
}
