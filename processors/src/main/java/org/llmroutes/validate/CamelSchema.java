package org.llmroutes.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * Camel's own JSON Schema of its YAML DSL, narrowed to the canonical form: a step is a map, never a
 * short text, and expressions stand under {@code expression}. Without the alternatives a mistake
 * has one meaning, and its message can say so.
 */
final class CamelSchema {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODEL = "org.apache.camel.model.";
  private static final String REFERENCE = "#/items/definitions/";
  private static final List<String> BESIDE_STEPS =
      List.of("When", "Otherwise", "OnException", "OnCompletion", "Intercept", "From", "Route");

  private final ObjectNode root;
  private final ObjectNode definitions;

  private CamelSchema() {
    try (InputStream stream = CamelSchema.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
      root = (ObjectNode) JSON.readTree(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    root.remove("$schema"); // it says draft 4 and uses newer keywords
    definitions = (ObjectNode) root.at("/items/definitions");
    definitions.properties().forEach(entry -> narrow(entry.getKey(), entry.getValue()));
    ObjectNode expression = definition("language.ExpressionDefinition");
    expression.put("additionalProperties", false).put("minProperties", 1).put("maxProperties", 1);
    ObjectNode nested = definition("ExpressionSubElementDefinition");
    nested
        .putObject("properties")
        .putObject("expression")
        .put("$ref", REFERENCE + MODEL + "language.ExpressionDefinition");
    require(nested, "expression");
    for (JsonNode definition : definitions) {
      if (definition.path("properties").has("uri")) {
        limit(
            definition,
            "uri",
            "^[^?]*$",
            "options stand under parameters, one a line, not in the uri");
      }
    }
  }

  /** Of a route file: every route, routeConfiguration and step has an id. */
  static JsonNode ofRoutes() {
    CamelSchema schema = new CamelSchema();
    ((ObjectNode) schema.root.at("/items/properties")).remove("from");
    schema
        .definition("ProcessorDefinition")
        .path("properties")
        .forEach(step -> schema.requireId(schema.resolve(step)));
    BESIDE_STEPS.forEach(name -> schema.requireId(schema.definition(name + "Definition")));
    ObjectNode configuration = schema.definition("RouteConfigurationDefinition");
    schema.requireId(configuration);
    require(configuration, "description");
    require(schema.definition("RouteDefinition"), "description");
    return schema.root;
  }

  /** Of the template in a Kamelet; its steps are named by the step that uses it. */
  static JsonNode ofTemplate() {
    CamelSchema schema = new CamelSchema();
    ObjectNode template = JSON.createObjectNode();
    template.put("type", "object").put("additionalProperties", false);
    ObjectNode properties = template.putObject("properties");
    properties
        .putObject("beans")
        .put("$ref", REFERENCE + "org.apache.camel.dsl.yaml.deserializers.BeansDeserializer");
    properties.putObject("from").put("$ref", REFERENCE + MODEL + "FromDefinition");
    require(template, "from");
    template.putObject("items").set("definitions", schema.definitions);
    return template;
  }

  private ObjectNode definition(String name) {
    return (ObjectNode) definitions.get(MODEL + name);
  }

  private ObjectNode resolve(JsonNode reference) {
    return (ObjectNode) definitions.get(reference.get("$ref").asText().replace(REFERENCE, ""));
  }

  private static void narrow(String name, JsonNode node) {
    ObjectNode definition = (ObjectNode) node;
    JsonNode full = definition.path("oneOf").path(1);
    if (full.has("properties")) {
      definition.remove("oneOf");
      definition.setAll((ObjectNode) full);
      if (name.startsWith(MODEL + "language.")) {
        definition.putArray("type").add("string").add("object");
      }
    }
    JsonNode groups = definition.remove("anyOf");
    if (groups != null) {
      ObjectNode properties = definition.withObject("/properties");
      groups.forEach(group -> merge(definition, properties, group.path("oneOf")));
      properties.properties().removeIf(property -> property.getValue().isEmpty());
    }
  }

  /** The alternatives of one group: each brings its property, or an inline expression. */
  private static void merge(ObjectNode definition, ObjectNode properties, JsonNode alternatives) {
    for (JsonNode alternative : alternatives) {
      for (Map.Entry<String, JsonNode> property : alternative.path("properties").properties()) {
        properties.set(property.getKey(), property.getValue());
      }
    }
    boolean optional =
        properties.at("/expression/description").asText().startsWith("Optional")
            || !alternatives.path(0).has("$ref");
    if (!optional) {
      require(definition, "expression");
    }
  }

  private void requireId(ObjectNode definition) {
    if (definition.path("properties").has("id")) {
      require(definition, "id");
      limit(
          definition,
          "id",
          "^[a-z0-9]+(-[a-z0-9]+)*$",
          "an id is in kebab-case: words-with-dashes");
    }
  }

  private static void require(ObjectNode definition, String property) {
    definition.withArray("required").add(property);
  }

  /** Property schemas can be shared by reference, so that the limit goes on a copy. */
  private static void limit(JsonNode definition, String property, String pattern, String message) {
    ObjectNode limited = ((ObjectNode) definition.path("properties").get(property)).deepCopy();
    limited.put("pattern", pattern).putObject("message").put("pattern", message);
    ((ObjectNode) definition.get("properties")).set(property, limited);
  }
}
