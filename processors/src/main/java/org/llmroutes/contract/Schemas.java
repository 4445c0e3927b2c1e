package org.llmroutes.contract;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The schemas of {@code config/schemas} by file name without {@code .json}. */
public final class Schemas {
  private final Map<String, JsonSchema> schemas = new TreeMap<>();

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
      schemas.put(name, new JsonSchema(registry.getSchema(SchemaLocation.of(location))));
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
   * The first thing that is wrong with a message, as {@link JsonSchema#violation} tells it.
   *
   * @param name for instance {@code chat-request}
   */
  public Optional<String> violation(String name, Map<String, Object> message) {
    return schema(name).violation(message);
  }

  /** The message in one form, as {@link JsonSchema#canonical} makes it. */
  public Map<String, Object> canonical(String name, Map<String, Object> message) {
    return schema(name).canonical(message);
  }

  /** The message with values in place of texts, as {@link JsonSchema#fromTexts} makes it. */
  public Map<String, Object> fromTexts(String name, Map<String, Object> texts) {
    return schema(name).fromTexts(texts);
  }

  /** A copy of the message with the schema's defaults for the fields it leaves out. */
  public Map<String, Object> withDefaults(String name, Map<String, Object> message) {
    return schema(name).withDefaults(message);
  }

  private JsonSchema schema(String name) {
    JsonSchema schema = schemas.get(name);
    if (schema == null) {
      throw new IllegalArgumentException(
          "No schema " + name + " in config/schemas; there are " + schemas.keySet());
    }
    return schema;
  }
}
