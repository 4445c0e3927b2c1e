package org.llmroutes.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Checks Kamelets: how they describe themselves, and that template and declaration agree. */
final class KameletCheck {
  private static final JsonPointer DEFINITION = JsonPointer.compile("/spec/definition");
  private static final JsonPointer TEMPLATE = JsonPointer.compile("/spec/template");
  private static final JsonPointer NAME = JsonPointer.compile("/metadata/name");
  private static final JsonPointer TYPE =
      JsonPointer.compile("/metadata/labels/camel.apache.org~1kamelet.type");

  private final SchemaCheck descriptor = new SchemaCheck(Resource.json("kamelet.json"));
  private final SchemaCheck template = new SchemaCheck(CamelSchema.ofTemplate());
  private final ClassPath classPath;

  KameletCheck(ClassPath classPath) {
    this.classPath = classPath;
  }

  void check(Iterable<SourceFile> files, Known known) {
    References references = new References(classPath, known);
    Map<String, String> titles = new HashMap<>();
    for (SourceFile file : files) {
      if (file.root().isMissingNode()) {
        continue;
      }
      descriptor.check(file, JsonPointer.empty(), file.root());
      template.check(file, TEMPLATE, file.at(TEMPLATE));
      checkName(file);
      String title = file.at(DEFINITION).path("title").asText();
      String other = titles.putIfAbsent(title, file.name());
      if (other != null) {
        file.mistake(DEFINITION.appendProperty("title"), other + " has the title " + title);
      }
      Set<String> beans = TemplateBeans.check(file, TEMPLATE.appendProperty("beans"), classPath);
      checkProperties(file, beans);
      checkDefaults(file, known);
      Set<String> local = new TreeSet<>(beans);
      file.at(DEFINITION).path("properties").fieldNames().forEachRemaining(local::add);
      references.check(file, TEMPLATE, local);
    }
  }

  private static void checkName(SourceFile file) {
    String name = file.at(NAME).asText();
    if (!file.name().endsWith("/" + name + ".kamelet.yaml")) {
      file.mistake(NAME, "the file of " + name + " must be named " + name + ".kamelet.yaml");
    }
    String type = file.at(TYPE).asText();
    if (!name.endsWith("-" + type)) {
      file.mistake(NAME, "the name of this Kamelet must end with its type: -" + type);
    }
  }

  private static void checkDefaults(SourceFile file, Known known) {
    JsonPointer place = DEFINITION.appendProperty("properties");
    for (Map.Entry<String, JsonNode> property : file.at(place).properties()) {
      if (property.getValue().has("default")) {
        String value = property.getValue().get("default").asText();
        FileParameters.mistakeIn(known.home(), value, property.getValue())
            .ifPresent(
                problem ->
                    file.mistake(
                        place.appendProperty(property.getKey()).appendProperty("default"),
                        problem));
      }
    }
  }

  private static void checkProperties(SourceFile file, Set<String> beans) {
    Set<String> used = new HashSet<>();
    Tree.walk(
        TEMPLATE, file.at(TEMPLATE), (at, node) -> used.addAll(Placeholders.all(node.asText())));
    JsonNode properties = file.at(DEFINITION).path("properties");
    JsonPointer place = DEFINITION.appendProperty("properties");
    for (Map.Entry<String, JsonNode> property : properties.properties()) {
      if (!used.contains(property.getKey())) {
        file.mistake(
            place.appendProperty(property.getKey()),
            property.getKey() + " is declared and the template does not use it");
      } else if (beans.contains(property.getKey())) {
        file.mistake(
            place.appendProperty(property.getKey()), property.getKey() + " is also a bean's name");
      }
    }
    JsonNode required = file.at(DEFINITION).path("required");
    for (int i = 0; i < required.size(); i++) {
      if (!properties.has(required.get(i).asText())) {
        file.mistake(
            DEFINITION.appendProperty("required").appendIndex(i),
            required.get(i).asText() + " is required and not declared");
      }
    }
  }
}
