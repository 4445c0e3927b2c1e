package org.llmroutes.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;

/** Checks what the steps of a route or of a Kamelet's template refer to. */
final class References {
  private static final Set<String> PREDICATES =
      Set.of("filter", "onWhen", "when", "validate", "handled", "continued", "completionPredicate");

  private final ClassPath classPath;
  private final Known known;
  private final EndpointCheck endpoints;

  References(ClassPath classPath, Known known) {
    this.classPath = classPath;
    this.known = known;
    this.endpoints = new EndpointCheck(classPath, known);
  }

  /**
   * @param at the part of the file that holds the steps
   * @param local names that have a value there beside the settings
   */
  void check(SourceFile source, JsonPointer at, Set<String> local) {
    Tree.walk(
        at,
        source.at(at),
        (place, node) -> {
          if (node.isTextual()) {
            checkPlaceholders(source, place, node.asText(), local);
          } else if (!Tree.inOptions(place)) {
            checkStep(source, place, node);
          }
        });
  }

  private void checkPlaceholders(
      SourceFile source, JsonPointer at, String text, Set<String> local) {
    for (String name : Placeholders.required(text)) {
      if (!local.contains(name) && !known.settings().containsKey(name)) {
        source.mistake(
            at,
            "{{%s}} is no setting of config/application.properties%s"
                .formatted(name, local.isEmpty() ? "" : ", nor declared here: " + local));
      }
    }
  }

  private void checkStep(SourceFile source, JsonPointer at, JsonNode node) {
    if (node.path("uri").isTextual()) {
      endpoints.check(source, at, node);
    }
    if ("expression".equals(Tree.name(at)) && node.size() == 1) {
      checkExpression(source, at, node.properties().iterator().next());
    }
    JsonNode format = node.at("/custom/ref");
    if (format.isTextual() && !classPath.hasDataFormat(format.asText())) {
      source.mistake(
          at.append(JsonPointer.compile("/custom/ref")), "no data format " + format.asText());
    }
    for (int i = 0; i < node.path("exception").size(); i++) {
      String type = node.path("exception").get(i).asText();
      if (classPath.type(type).isEmpty()) {
        source.mistake(at.appendProperty("exception").appendIndex(i), "no class " + type);
      }
    }
  }

  private void checkExpression(
      SourceFile source, JsonPointer at, Map.Entry<String, JsonNode> expression) {
    JsonNode value = expression.getValue();
    String text = value.isTextual() ? value.asText() : value.path("expression").asText();
    String owner = Tree.name(at.head());
    String list = Tree.name(at.head().head());
    boolean predicate = PREDICATES.contains(owner) || PREDICATES.contains(list);
    classPath
        .mistakeIn(expression.getKey(), text, predicate)
        .ifPresent(problem -> source.mistake(at.appendProperty(expression.getKey()), problem));
  }
}
