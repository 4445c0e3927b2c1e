package org.llmroutes.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.SchemaException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmroutes.config.Settings;
import org.llmroutes.config.YamlFile;
import org.llmroutes.contract.JsonSchema;
import org.llmroutes.contract.Schemas;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/**
 * The pipelines that can be triggered: {@code config/pipelines.yaml}, or the file that {@code
 * PIPELINES_FILE} names. A mistake is an {@link IllegalArgumentException} that names file and
 * entry.
 */
public final class Catalogue {
  /** Its file, unless {@code PIPELINES_FILE} names another. */
  public static final String FILE = "config/pipelines.yaml";

  private static final Duration LONGEST = Duration.ofDays(28);
  private static final String PATIENCE = "PT15M";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Pipeline> pipelines = new LinkedHashMap<>();
  private final String fingerprint;

  private Catalogue(String fingerprint) {
    this.fingerprint = fingerprint;
  }

  /**
   * @param schemas among them {@code pipeline-catalogue}
   */
  public static Catalogue load(Settings settings, Schemas schemas) {
    String file = file(settings.environment());
    // one that PIPELINES_FILE names is relative to where the command was given
    Path path = FILE.equals(file) ? settings.path(FILE) : Path.of(file);
    JsonNode root = YamlFile.read(path, file);
    try {
      return of(root, schemas);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /** The name of the catalogue's file. */
  public static String file(Map<String, String> environment) {
    String named = environment.getOrDefault("PIPELINES_FILE", "");
    return named.isBlank() ? FILE : named;
  }

  @SuppressWarnings("unchecked") // a document that is no map breaks the schema
  private static Catalogue of(JsonNode root, Schemas schemas) {
    Object document = JSON.convertValue(root, Object.class);
    Optional<String> violation =
        document instanceof Map<?, ?>
            ? schemas.violation("pipeline-catalogue", (Map<String, Object>) document)
            : Optional.of("must be a map");
    if (violation.isPresent()) {
      throw new IllegalArgumentException(violation.get().replace('/', '.'));
    }
    Catalogue catalogue = new Catalogue(Hash.of(root.toString()));
    root.path("pipelines")
        .properties()
        .forEach(
            entry ->
                catalogue.pipelines.put(
                    entry.getKey(), pipeline(entry.getKey(), entry.getValue())));
    return catalogue;
  }

  private static Pipeline pipeline(String name, JsonNode entry) {
    Map<String, Map<String, String>> engines = new LinkedHashMap<>();
    entry.path("engines").properties().forEach(e -> engines.put(e.getKey(), texts(e.getValue())));
    List<String> users = new ArrayList<>();
    entry.path("allowed_users").forEach(user -> users.add(user.asText()));
    String at = "pipelines." + name;
    return new Pipeline(
        name,
        entry.path("description").asText(),
        engines,
        parameters(at, entry.path("parameters")),
        users,
        entry.path("max_running").asInt(),
        duration(at + ".deadline", entry.path("deadline").asText()),
        duration(at + ".patience", entry.path("patience").asText(PATIENCE)));
  }

  private static Map<String, String> texts(JsonNode target) {
    Map<String, String> texts = new LinkedHashMap<>();
    target.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }

  private static JsonSchema parameters(String at, JsonNode document) {
    try {
      return JsonSchema.of(document);
    } catch (SchemaException e) {
      throw new IllegalArgumentException(at + ".parameters is no schema: " + e.getMessage(), e);
    }
  }

  private static Duration duration(String at, String text) {
    try {
      Duration duration = Duration.parse(text);
      if (duration.compareTo(Duration.ZERO) > 0 && duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // the message below says it
    }
    throw new IllegalArgumentException(
        at + " must be an ISO 8601 duration such as PT2H, of at most P28D, is " + text);
  }

  public Collection<Pipeline> all() {
    return pipelines.values();
  }

  /** The same for those that say the same. */
  String fingerprint() {
    return fingerprint;
  }

  public Optional<Pipeline> find(String name) {
    return Optional.ofNullable(pipelines.get(name));
  }

  /**
   * @throws TurnException {@code rejected} where there is no such pipeline
   */
  Pipeline require(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new TurnException(
                    ErrorCode.REJECTED,
                    "There is no pipeline " + name + "; there are " + pipelines.keySet()));
  }
}
