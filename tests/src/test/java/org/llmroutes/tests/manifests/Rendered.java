package org.llmroutes.tests.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.llmroutes.local.Project;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What {@code kubectl kustomize} makes of the entry points of {@code deploy/}. */
final class Rendered {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<Path, List<JsonNode>> RENDERED = new ConcurrentHashMap<>();

  private Rendered() {}

  /** Folders with a Kustomization, relative to the project. */
  static List<String> entryPoints() {
    return folders("kind: Kustomization");
  }

  /** Folders with a Component, relative to the project. */
  static List<String> components() {
    return folders("kind: Component");
  }

  private static List<String> folders(String kind) {
    List<String> folders = new ArrayList<>();
    for (String top : List.of("routes", "kamelets", "config", "deploy")) {
      try (Stream<Path> files = Files.walk(Project.root().resolve(top))) {
        files
            .filter(file -> file.endsWith("kustomization.yaml"))
            .filter(file -> !file.toString().contains("/target/"))
            .filter(file -> text(file).contains(kind + "\n"))
            .map(file -> Project.root().relativize(file.getParent()).toString())
            .sorted()
            .forEach(folders::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return folders;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param folder relative to the project
   */
  static List<JsonNode> of(String folder) {
    return RENDERED.computeIfAbsent(Project.root().resolve(folder), Rendered::render);
  }

  /** All that is applied, once each: entry points that others take in are not there again. */
  static List<JsonNode> everything() {
    return entryPoints().stream()
        .filter(folder -> folder.startsWith("deploy/") && !folder.startsWith("deploy/shared"))
        .flatMap(folder -> of(folder).stream())
        .toList();
  }

  private static List<JsonNode> render(Path folder) {
    try {
      String kubectl = Project.installed("deploy", "bin/kubectl").toString();
      Process process = new ProcessBuilder(kubectl, "kustomize", folder.toString()).start();
      process.getOutputStream().close();
      String documents =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String mistakes = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0 || !mistakes.isEmpty()) {
        throw new IllegalStateException(folder + ": " + mistakes);
      }
      return parse(documents);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<JsonNode> parse(String yaml) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(16 << 20);
    List<JsonNode> documents = new ArrayList<>();
    for (Object document : new Yaml(new SafeConstructor(options)).loadAll(yaml)) {
      documents.add(JSON.valueToTree(document));
    }
    return documents;
  }

  /** {@code Kind/name}. */
  static String name(JsonNode document) {
    return document.path("kind").asText() + "/" + document.at("/metadata/name").asText();
  }
}
