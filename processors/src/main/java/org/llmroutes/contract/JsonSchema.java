package org.llmroutes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A compiled JSON Schema, draft 2020-12, of decoded MessagePack maps. Safe for concurrent use. */
public final class JsonSchema {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Schema schema;
  private final Map<String, Object> defaults;

  JsonSchema(Schema schema) {
    this.schema = schema;
    schema.initializeValidators();
    this.defaults = defaultsOf(schema.getSchemaNode());
  }

  /**
   * @throws com.networknt.schema.SchemaException where it is no schema
   */
  public static JsonSchema of(JsonNode document) {
    return new JsonSchema(
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(document));
  }

  /** The schema as it was written. */
  public JsonNode document() {
    return schema.getSchemaNode();
  }

  /**
   * The first thing that is wrong with a value, empty where it conforms. The text names field and
   * limit, never the value found. Only the first, because a client can break a rule ten thousand
   * times in one message, and the list of it all would take a thousand times the message's memory.
   */
  public Optional<String> violation(Map<String, Object> value) {
    List<Error> errors =
        schema.validate(
            Json.node(value),
            execution ->
                execution.executionConfig(
                    config -> config.formatAssertionsEnabled(true).failFast(true)));
    return errors.stream().findFirst().map(JsonSchema::describe);
  }

  /** A copy of the value in one form, whatever the client's MessagePack library made of it. */
  public Map<String, Object> canonical(Map<String, Object> value) {
    return CanonicalForm.of(value, schema.getSchemaNode());
  }

  /** A copy of the value whose texts, from a form or a query, are what the schema has there. */
  public Map<String, Object> fromTexts(Map<String, Object> texts) {
    return TextValues.of(texts, schema.getSchemaNode());
  }

  /** A copy of the value with the schema's defaults for the fields it leaves out. */
  public Map<String, Object> withDefaults(Map<String, Object> value) {
    Map<String, Object> complete = new LinkedHashMap<>(defaults);
    complete.putAll(value);
    return complete;
  }

  private static String describe(Error error) {
    String field = error.getInstanceLocation().toString().replaceFirst("^/", "");
    return field.isEmpty() ? error.getMessage() : field + ": " + error.getMessage();
  }

  private static Map<String, Object> defaultsOf(JsonNode schema) {
    Map<String, Object> found = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      JsonNode value = property.getValue().get("default");
      if (value != null) {
        found.put(property.getKey(), JSON.convertValue(value, Object.class));
      }
    }
    return found;
  }
}
