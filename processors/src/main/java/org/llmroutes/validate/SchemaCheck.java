package org.llmroutes.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Checks a file, or a part of one, against a JSON Schema and says what would be right. */
final class SchemaCheck {
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          registry ->
              registry.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().errorMessageKeyword("message").build()));

  private static final Set<String> VALUES = Set.of("type", "enum", "pattern", "minimum", "maximum");

  private final JsonNode document;
  private final Schema schema;

  /**
   * @param document the schema; its {@code message} entries replace the messages of keywords beside
   *     them
   */
  SchemaCheck(JsonNode document) {
    this.document = document;
    this.schema = SCHEMAS.getSchema(document);
  }

  /**
   * @param value what to check
   * @param at where it stands in the file
   */
  void check(SourceFile source, JsonPointer at, JsonNode value) {
    List<Error> errors = schema.validate(value);
    Set<String> misspelt =
        errors.stream()
            .filter(SchemaCheck::surplus)
            .map(error -> error.getInstanceLocation().toString())
            .collect(Collectors.toSet());
    for (Error error : errors) {
      if (VALUES.contains(error.getKeyword()) && error.getInstanceNode().asText().contains("{{")) {
        continue; // a placeholder has its value only when the route runs
      }
      String location = error.getInstanceLocation().toString();
      if ("required".equals(error.getKeyword()) && misspelt.contains(location)) {
        continue; // the unknown property beside it says enough
      }
      JsonPointer place = at.append(JsonPointer.compile(location));
      source.mistake(
          surplus(error) ? place.appendProperty(error.getProperty()) : place, describe(error));
    }
  }

  /** The first thing that is wrong with a value that stands in no file, or empty. */
  Optional<String> mistakeIn(JsonNode value) {
    return schema.validate(value).stream().findFirst().map(this::describe);
  }

  private static boolean surplus(Error error) {
    return "additionalProperties".equals(error.getKeyword());
  }

  private String describe(Error error) {
    return switch (error.getKeyword()) {
      case "additionalProperties" ->
          "unknown property " + error.getProperty() + "; known are " + known(error);
      case "required" -> error.getProperty() + " is missing";
      case "type" -> wrongType(error.getSchemaNode().toString(), error.getInstanceNode());
      case "enum" -> "must be one of " + error.getSchemaNode();
      case "maxProperties" -> "must have one entry, not several";
      default -> error.getMessage();
    };
  }

  private static String wrongType(String wanted, JsonNode found) {
    return "\"object\"".equals(wanted) && found.isValueNode()
        ? "must be a map: write it in full, each option on its own line"
        : "must be " + wanted.replaceAll("[\\[\\]\"]", "").replace(",", " or ");
  }

  private TreeSet<String> known(Error error) {
    JsonPointer keyword = JsonPointer.compile(error.getSchemaLocation().getFragment().toString());
    TreeSet<String> names = new TreeSet<>();
    document.at(keyword.head()).path("properties").fieldNames().forEachRemaining(names::add);
    return names;
  }
}
