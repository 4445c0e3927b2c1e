package org.llmroutes.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;

/**
 * The Kamelets and routes of a project as they were at one moment, in memory.
 *
 * @param texts by name relative to the project's home, Kamelets first
 */
record RouteSources(Path home, SortedMap<String, String> texts) {

  /**
   * @param roles whose routes are served
   * @throws IOException also where a file goes away while it is read
   */
  static RouteSources read(Path home, Roles roles) throws IOException {
    SortedMap<String, String> texts = new TreeMap<>();
    try (Stream<Path> kamelets = Files.list(home.resolve("kamelets"))) {
      for (Path file : kamelets.filter(f -> f.toString().endsWith(".kamelet.yaml")).toList()) {
        texts.put("kamelets/" + file.getFileName(), text(file));
      }
    }
    for (Path file : roles.files(home.resolve("routes"))) {
      texts.put("routes/" + file.getFileName(), text(file));
    }
    return new RouteSources(home, texts);
  }

  /** Bytes that are no UTF-8 are the validator's to report. */
  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /** As Camel loads them: the texts held here, whatever the disk holds by now. */
  List<Resource> resources() {
    List<Resource> resources = new ArrayList<>();
    texts.forEach(
        (name, text) ->
            resources.add(ResourceHelper.fromString("file:" + home.resolve(name), text)));
    return resources;
  }

  /** Names of the files that are new, gone or different in the other. */
  Set<String> differing(RouteSources other) {
    Set<String> names = new TreeSet<>(texts.keySet());
    names.addAll(other.texts.keySet());
    names.removeIf(name -> Objects.equals(texts.get(name), other.texts.get(name)));
    return names;
  }
}
