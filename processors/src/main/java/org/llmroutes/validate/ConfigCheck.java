package org.llmroutes.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.networknt.schema.SchemaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llmroutes.config.Settings;
import org.llmroutes.contract.Schemas;
import org.llmroutes.llm.PromptTemplate;
import org.llmroutes.nats.StreamDefinition;
import org.llmroutes.pipelines.Catalogue;

/** Checks the files below {@code config}, each by what reads it when the product runs. */
final class ConfigCheck {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CATALOGUE_SCHEMA = "config/schemas/pipeline-catalogue.json";
  private static final Pattern LINE = Pattern.compile("line (\\d+)");

  private final SchemaCheck streams = new SchemaCheck(Resource.json("stream.json"));
  private final SchemaCheck schemaOfSchemas =
      new SchemaCheck(
          JsonNodeFactory.instance
              .objectNode()
              .put("$ref", "https://json-schema.org/draft/2020-12/schema"));

  /**
   * @param environment among it {@code PIPELINES_FILE}
   */
  void check(ProjectFiles files, Map<String, String> environment) {
    Mistakes mistakes = files.mistakes();
    Map<String, SourceFile> sources = files.sources("config", ".yaml");
    Map<String, SourceFile> schemas = new TreeMap<>();
    for (String name : files.names("config/schemas", ".json")) {
      String text = files.text(name);
      if (isJson(name, text, mistakes)) {
        schemas.put(name, new SourceFile(name, text, mistakes));
      }
    }
    schemas
        .values()
        .forEach(schema -> schemaOfSchemas.check(schema, JsonPointer.empty(), schema.root()));
    sources.putAll(schemas);
    sources.values().forEach(source -> FileReferences.check(source, sources));
    for (String name : files.names("config/nats", ".yaml")) {
      checkStream(files.home().resolve(name), sources.get(name));
    }
    for (String name : files.names("config/prompts", ".mustache")) {
      checkPrompt(files.home().resolve(name), name, mistakes);
    }
    if (mistakes.list().stream().noneMatch(found -> found.file().startsWith("config/schemas/"))) {
      attempt(
          () -> new Schemas(files.home().resolve("config/schemas")),
          e -> mistakes.add("config/schemas", 1, e.getMessage()));
      if (sources.containsKey(CATALOGUE_SCHEMA)) {
        catalogues(files, environment, sources)
            .forEach(source -> checkPipelines(files, source, sources.get(CATALOGUE_SCHEMA)));
      }
    }
  }

  private static boolean isJson(String name, String text, Mistakes mistakes) {
    try {
      JSON.readTree(text);
      return true;
    } catch (JsonProcessingException e) {
      String problem = e.getOriginalMessage().replaceFirst("(?s) \\(for .*", "");
      mistakes.add(name, e.getLocation().getLineNr(), "not JSON: " + problem);
      return false;
    }
  }

  /** The project's, and the one that is used instead of it. */
  private static List<SourceFile> catalogues(
      ProjectFiles files, Map<String, String> environment, Map<String, SourceFile> sources) {
    List<SourceFile> catalogues = new ArrayList<>();
    if (sources.containsKey(Catalogue.FILE)) {
      catalogues.add(sources.get(Catalogue.FILE));
    }
    String used = Catalogue.file(environment);
    if (!used.equals(Catalogue.FILE)) {
      // relative to where the command was given
      String name = Path.of(used).toAbsolutePath().toString();
      if (Files.isRegularFile(Path.of(name))) {
        catalogues.add(new SourceFile(name, files.text(name), files.mistakes()));
      } else {
        files.mistakes().add(name, 1, "PIPELINES_FILE names no file");
      }
    }
    return catalogues;
  }

  private static void checkPipelines(ProjectFiles files, SourceFile source, SourceFile schema) {
    if (source.root().isMissingNode()) {
      return;
    }
    int before = files.mistakes().list().size();
    new SchemaCheck(schema.root()).check(source, JsonPointer.empty(), source.root());
    if (files.mistakes().list().size() == before) {
      Path path = files.home().resolve(source.name());
      Settings settings = Settings.load(files.home(), Map.of("PIPELINES_FILE", path.toString()));
      attempt(
          () -> Catalogue.load(settings, new Schemas(settings.path("config/schemas"))),
          e -> KeyedMistake.note(source, e.getMessage()));
    }
  }

  private void checkStream(Path file, SourceFile source) {
    try {
      StreamDefinition.read(file);
      streams.check(source, JsonPointer.empty(), source.root());
    } catch (IOException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      source.mistake(JsonPointer.empty(), "not a stream definition: " + reason.getMessage());
    }
  }

  private static void checkPrompt(Path file, String name, Mistakes mistakes) {
    attempt(
        () -> new PromptTemplate(file),
        e -> {
          String message = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
          Matcher line = LINE.matcher(message);
          mistakes.add(name, line.find() ? Integer.parseInt(line.group(1)) : 1, message);
        });
  }

  private static void attempt(Supplier<?> reading, Consumer<RuntimeException> onMistake) {
    try {
      reading.get();
    } catch (IllegalArgumentException | SchemaException e) {
      onMistake.accept(e);
    }
  }
}
