package org.llmroutes.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.llmroutes.validate.PropertiesFile.Entry;

/**
 * What a route or a Kamelet may refer to.
 *
 * @param home of the project
 * @param settings the entries of {@code config/application.properties}
 * @param kamelets by name, what each declares: the schema of its properties, missing where the file
 *     does not parse
 * @param directs the {@code direct:} endpoints that a route consumes, with their scheme
 * @param streams of {@code config/nats}, by name, each with its durable consumers
 * @param configurations ids of route configurations
 * @param allRoutes whether every route file parses: else there may be more than is known here
 */
record Known(
    Path home,
    Map<String, Entry> settings,
    Map<String, JsonNode> kamelets,
    Set<String> directs,
    Map<String, Set<String>> streams,
    Set<String> configurations,
    boolean allRoutes) {

  /** What a text stands for that is one placeholder of a setting; else the text itself. */
  String resolved(String text) {
    Set<String> names = Placeholders.all(text);
    String name = names.size() == 1 ? names.iterator().next() : "";
    // what a setting of ours can be is checked where it is set
    return text.equals("{{" + name + "}}")
            && !SettingsCheck.knows(name)
            && settings.containsKey(name)
        ? settings.get(name).value()
        : text;
  }

  static Known of(
      Path home,
      Map<String, Entry> settings,
      Collection<SourceFile> routes,
      Collection<SourceFile> kamelets,
      Collection<SourceFile> streams) {
    Map<String, JsonNode> declared = new HashMap<>();
    for (SourceFile kamelet : kamelets) {
      JsonNode root = kamelet.root();
      String byFile = kamelet.name().replaceFirst(".*/", "").replace(".kamelet.yaml", "");
      declared.put(root.at("/metadata/name").asText(byFile), root.at("/spec/definition"));
    }
    Set<String> directs = new HashSet<>();
    Set<String> configurations = new HashSet<>();
    for (SourceFile file : routes) {
      Tree.walk(
          JsonPointer.empty(),
          file.root(),
          (at, node) -> {
            if ("from".equals(Tree.name(at))) {
              directs.add(node.path("uri").asText());
            } else if ("routeConfiguration".equals(Tree.name(at))) {
              configurations.add(node.path("id").asText());
            }
          });
    }
    boolean all = routes.stream().noneMatch(file -> file.root().isMissingNode());
    return new Known(home, settings, declared, directs, consumers(streams), configurations, all);
  }

  private static Map<String, Set<String>> consumers(Collection<SourceFile> streams) {
    Map<String, Set<String>> consumers = new TreeMap<>();
    for (SourceFile stream : streams) {
      Set<String> durables = new TreeSet<>();
      stream
          .root()
          .path("consumers")
          .forEach(consumer -> durables.add(consumer.path("durable_name").asText()));
      consumers.put(stream.root().at("/stream/name").asText(), durables);
    }
    return consumers;
  }
}
