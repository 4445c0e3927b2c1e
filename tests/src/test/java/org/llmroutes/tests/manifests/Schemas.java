package org.llmroutes.tests.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.kubernetes.client.openapi.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Locale;

/** What an API server would say of a manifest, by strict validation and without defaults. */
final class Schemas {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  static {
    // makes the validators of the models
    new JSON();
  }

  private Schemas() {}

  /**
   * @return the mistakes, empty where there are none
   */
  static List<String> mistakes(JsonNode document) {
    String apiVersion = document.path("apiVersion").asText();
    String kind = document.path("kind").asText();
    if ("WorkflowTemplate".equals(kind)) {
      return mistakes("/argo-workflow-spec.schema.json", document.path("spec"));
    }
    String custom = "/crds/%s_%s.json".formatted(apiVersion.replace('/', '_'), kind);
    if (Schemas.class.getResource(custom) != null) {
      return mistakes(custom, document);
    }
    return ofKubernetes(apiVersion, kind, document);
  }

  private static List<String> mistakes(String schema, JsonNode content) {
    try (InputStream text = Schemas.class.getResourceAsStream(schema)) {
      return REGISTRY.getSchema(MAPPER.readTree(text)).validate(content).stream()
          .map(mistake -> mistake.getInstanceLocation() + " " + mistake.getMessage())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> ofKubernetes(String apiVersion, String kind, JsonNode document) {
    String version = apiVersion.substring(apiVersion.indexOf('/') + 1).toUpperCase(Locale.ROOT);
    JsonElement element = JsonParser.parseString(document.toString());
    try {
      Class<?> model = Class.forName("io.kubernetes.client.openapi.models." + version + kind);
      model.getMethod("validateJsonElement", JsonElement.class).invoke(null, element);
      JSON.getGson().fromJson(element, model);
      return List.of();
    } catch (ClassNotFoundException e) {
      return List.of("there is no schema of " + apiVersion + " " + kind);
    } catch (InvocationTargetException e) {
      return List.of(e.getCause().getMessage());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
