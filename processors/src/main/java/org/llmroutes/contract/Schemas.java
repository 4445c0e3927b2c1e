package org.llmroutes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The message schemas of {@code config/schemas}, JSON Schema draft 2020-12, by file name without
 * {@code .json}.
 */
public final class Schemas {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Schema> schemas = new TreeMap<>();
  private final Map<String, Map<String, Object>> defaults = new TreeMap<>();

  /**
   * Reads and compiles every schema of the folder, so that a mistake in one stops the start and not
   * a request.
   */
  public Schemas(Path folder) {
    Map<String, String> texts = read(folder);
    SchemaRegistry registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(texts));
    for (String location : texts.keySet()) {
      String name = location.substring(location.lastIndexOf('/') + 1).replace(".json", "");
      Schema schema = registry.getSchema(SchemaLocation.of(location));
      schema.initializeValidators();
      schemas.put(name, schema);
      defaults.put(name, defaultsOf(schema.getSchemaNode()));
    }
  }

  private static Map<String, String> read(Path folder) {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).toList()) {
        texts.put(file.toUri().toString(), Files.readString(file));
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("Cannot read the schemas in " + folder, e);
    }
    return texts;
  }

  /**
   * The first thing that is wrong with a message, empty where it conforms. The text names field and
   * limit, never the value found. Only the first, because a client can break a rule ten thousand
   * times in one message, and the list of it all would take a thousand times the message's memory.
   *
   * @param name for instance {@code chat-request}
   */
  public Optional<String> violation(String name, Map<String, Object> message) {
    List<Error> errors =
        schema(name)
            .validate(
                Json.node(message),
                execution ->
                    execution.executionConfig(
                        config -> config.formatAssertionsEnabled(true).failFast(true)));
    return errors.stream().findFirst().map(Schemas::describe);
  }

  /** A copy of the message with the schema's defaults for the fields it leaves out. */
  public Map<String, Object> withDefaults(String name, Map<String, Object> message) {
    Map<String, Object> complete = new LinkedHashMap<>(defaults.get(name));
    complete.putAll(message);
    return complete;
  }

  private Schema schema(String name) {
    Schema schema = schemas.get(name);
    if (schema == null) {
      throw new IllegalArgumentException(
          "No schema " + name + " in config/schemas; there are " + schemas.keySet());
    }
    return schema;
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
