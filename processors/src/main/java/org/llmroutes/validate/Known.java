package org.llmroutes.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a route or a Kamelet may refer to.
 *
 * @param settings the keys of {@code config/application.properties}
 * @param kamelets by name, what each declares: the schema of its properties, missing where the file
 *     does not parse
 * @param directs the {@code direct:} endpoints that a route consumes, with their scheme
 * @param configurations ids of route configurations
 * @param allRoutes whether every route file parses: else there may be more than is known here
 */
record Known(
    Set<String> settings,
    Map<String, JsonNode> kamelets,
    Set<String> directs,
    Set<String> configurations,
    boolean allRoutes) {

  static Known of(
      Set<String> settings, Collection<SourceFile> routes, Collection<SourceFile> kamelets) {
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
    return new Known(settings, declared, directs, configurations, all);
  }
}
