package org.llmroutes.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Checks route files: the canonical form, ids, and what they refer to. */
final class RouteCheck {
  private final SchemaCheck schema = new SchemaCheck(CamelSchema.ofRoutes());
  private final ClassPath classPath;

  RouteCheck(ClassPath classPath) {
    this.classPath = classPath;
  }

  void check(Iterable<SourceFile> files, Known known) {
    References references = new References(classPath, known);
    Map<String, String> ids = new HashMap<>();
    for (SourceFile file : files) {
      if (file.root().isMissingNode()) {
        continue;
      }
      schema.check(file, JsonPointer.empty(), file.root());
      Tree.walk(
          JsonPointer.empty(),
          file.root(),
          (at, node) -> {
            if (!Tree.inOptions(at)) {
              checkId(file, at, node.path("id"), ids);
              checkConfiguration(file, at, node.path("routeConfigurationId"), known);
            }
          });
      references.check(file, JsonPointer.empty(), Set.of());
    }
  }

  private static void checkId(
      SourceFile file, JsonPointer at, JsonNode id, Map<String, String> places) {
    if (id.isTextual()) {
      JsonPointer place = at.appendProperty("id");
      String other = places.putIfAbsent(id.asText(), file.name() + ":" + file.line(place));
      if (other != null) {
        file.mistake(place, "the id " + id.asText() + " is taken at " + other);
      }
    }
  }

  private static void checkConfiguration(
      SourceFile file, JsonPointer at, JsonNode name, Known known) {
    if (name.isTextual() && known.allRoutes() && !known.configurations().contains(name.asText())) {
      file.mistake(
          at.appendProperty("routeConfigurationId"),
          "no routeConfiguration "
              + name.asText()
              + "; there are "
              + new TreeSet<>(known.configurations()));
    }
  }
}
