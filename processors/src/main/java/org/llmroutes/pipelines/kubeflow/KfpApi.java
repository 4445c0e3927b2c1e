package org.llmroutes.pipelines.kubeflow;

import static java.net.HttpURLConnection.HTTP_BAD_REQUEST;
import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static org.llmroutes.pipelines.kubeflow.KfpClient.encoded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a server of Kubeflow Pipelines has, found by name. A namespace is empty, save on a
 * multi-user server.
 */
final class KfpApi {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final KfpClient client;

  KfpApi(KfpClient client) {
    this.client = client;
  }

  /** Where the server is, and for whom, once it answers. */
  String health() {
    boolean several =
        client.get("/healthz", Map.of()).stream()
            .anyMatch(health -> health.path("multi_user").asBoolean());
    return client.url() + (several ? ", for several users" : "");
  }

  /** The id of a pipeline of the namespace, else of one shared by all. */
  Optional<String> pipeline(String name, String namespace) {
    Optional<JsonNode> found =
        client.get("/pipelines/names/" + encoded(name), Map.of("namespace", namespace));
    if (found.isEmpty() && !namespace.isEmpty()) {
      return pipeline(name, "");
    }
    return found.map(pipeline -> pipeline.path("pipeline_id").asText());
  }

  /**
   * The id of a version.
   *
   * @param version its name or id, or empty for the newest
   */
  Optional<String> version(String pipelineId, String version) {
    String path = "/pipelines/" + encoded(pipelineId) + "/versions";
    Optional<JsonNode> found =
        version.isEmpty()
            ? first(path, "pipeline_versions", Map.of("sort_by", "created_at desc"))
            : first(path, "pipeline_versions", Map.of("filter", equal("name", version)))
                .or(() -> client.get(path + "/" + encoded(version), Map.of()));
    return found.map(one -> one.path("pipeline_version_id").asText());
  }

  Optional<String> experiment(String name, String namespace) {
    return first(
            "/experiments",
            "experiments",
            Map.of("filter", equal("display_name", name), "namespace", namespace))
        .map(experiment -> experiment.path("experiment_id").asText());
  }

  /** Creates the experiment, or finds the one that has its name. */
  String createExperiment(String name, String namespace) {
    ObjectNode experiment = NODES.objectNode().put("display_name", name);
    if (!namespace.isEmpty()) {
      experiment.put("namespace", namespace);
    }
    try {
      return client.post("/experiments", experiment).path("experiment_id").asText();
    } catch (KfpException e) {
      if (e.status() != HTTP_CONFLICT) {
        throw e;
      }
      return experiment(name, namespace).orElseThrow(() -> e);
    }
  }

  /** The runs of that name, the oldest first; the server does not keep names unique. */
  List<JsonNode> runs(String experimentId, String name) {
    return page(
            "/runs",
            "runs",
            Map.of(
                "experiment_id",
                experimentId,
                "filter",
                equal("display_name", name),
                "sort_by",
                "created_at asc",
                "page_size",
                "20"))
        .toList();
  }

  Optional<JsonNode> run(String id) {
    return client.get("/runs/" + encoded(id), Map.of());
  }

  JsonNode createRun(JsonNode run) {
    return client.post("/runs", run);
  }

  /** Asks for an end of the run; nothing where it is gone or has ended. */
  void terminate(String id) {
    try {
      client.post("/runs/" + encoded(id) + ":terminate", NODES.objectNode());
    } catch (KfpException e) {
      // a run that has ended is a bad request
      if (e.status() != HTTP_NOT_FOUND && e.status() != HTTP_BAD_REQUEST) {
        throw e;
      }
    }
  }

  private Optional<JsonNode> first(String path, String field, Map<String, String> query) {
    Map<String, String> onePage = new HashMap<>(query);
    onePage.put("page_size", "1");
    return page(path, field, onePage).findFirst();
  }

  private Stream<JsonNode> page(String path, String field, Map<String, String> query) {
    return client.get(path, query).stream()
        .flatMap(page -> StreamSupport.stream(page.path(field).spliterator(), false));
  }

  private static String equal(String key, String value) {
    ObjectNode filter = NODES.objectNode();
    filter
        .putArray("predicates")
        .addObject()
        .put("key", key)
        .put("operation", "EQUALS")
        .put("string_value", value);
    return filter.toString();
  }
}
