package org.llmroutes.pipelines.kubeflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llmroutes.local.ai.JsonServer;

/**
 * A server of Kubeflow Pipelines that answers in the words of a real one, with its oddities. It has
 * the pipeline {@code hello}, of the parameters {@code who} and {@code code}, and the experiment
 * {@code exp1}; its runs move when they are told to.
 */
public final class FakeKfp extends JsonServer {
  private static final String ROOT = "/apis/v2beta1";
  private static final Map<Integer, Integer> STATUS = Map.of(3, 400, 5, 404, 6, 409, 13, 500);
  private static final Set<String> RUN_FIELDS =
      Set.of(
          "display_name",
          "description",
          "experiment_id",
          "pipeline_version_reference",
          "runtime_config");

  /** Requests as {@code POST /runs}, without their queries. */
  public final List<String> requests = new CopyOnWriteArrayList<>();

  public final List<String> authorizations = new CopyOnWriteArrayList<>();

  /** The {@code traceparent} of each request that had one. */
  final List<String> traces = new CopyOnWriteArrayList<>();

  final List<ObjectNode> pipelines = new CopyOnWriteArrayList<>();
  final List<ObjectNode> versions = new CopyOnWriteArrayList<>();
  final List<ObjectNode> experiments = new CopyOnWriteArrayList<>();
  public final List<ObjectNode> runs = new CopyOnWriteArrayList<>();
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();

  private record Fault(String request, int status, String body, String location) {}

  /** An answer with an error, in the recorded words. */
  private static final class Refusal extends Exception {
    private final transient JsonNode error;

    Refusal(String recording) {
      this.error = recorded(recording);
    }
  }

  public FakeKfp() {
    super(0);
    pipelines.add((ObjectNode) recorded("list").at("/pipelines/0"));
    versions.add((ObjectNode) recorded("versions").at("/pipeline_versions/0"));
    experiments.add(recorded("exp"));
    handle(
        ROOT,
        (body, exchange) -> {
          String path = exchange.getRequestURI().getPath().substring(ROOT.length());
          String request = exchange.getRequestMethod() + " " + path;
          requests.add(request);
          authorizations.add(
              String.valueOf(exchange.getRequestHeaders().getFirst("authorization")));
          traces.addAll(exchange.getRequestHeaders().getOrDefault("traceparent", List.of()));
          Fault fault = faults.peek();
          if (fault != null && request.startsWith(fault.request())) {
            faults.remove();
            if (!fault.location().isEmpty()) {
              exchange.getResponseHeaders().set("location", fault.location());
            }
            sendText(exchange, fault.status(), fault.body());
            return;
          }
          try {
            send(exchange, 200, answer(request, query(exchange), body));
          } catch (Refusal e) {
            send(exchange, STATUS.get(e.error.path("code").asInt()), e.error);
          }
        });
  }

  static ObjectNode recorded(String name) {
    try (InputStream file = FakeKfp.class.getResourceAsStream("/kfp/" + name + ".json")) {
      return (ObjectNode) JSON.readTree(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next request that begins so is answered so instead. */
  public void failing(String request, int status, String body) {
    faults.add(new Fault(request, status, body, ""));
  }

  /** The next request that begins so is sent elsewhere. */
  void redirecting(String request, String location) {
    faults.add(new Fault(request, 302, "{}", location));
  }

  private static void sendText(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new HashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String pair : raw == null || raw.isEmpty() ? new String[0] : raw.split("&")) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return query;
  }

  private synchronized JsonNode answer(String request, Map<String, String> query, JsonNode body)
      throws Exception {
    String[] parts = request.replaceFirst("^\\w+ /", "").split("/");
    if ("GET /healthz".equals(request)) {
      return JSON.createObjectNode().put("multi_user", false);
    } else if (request.startsWith("GET /pipelines/names/")) {
      return one(
          pipelines.stream()
              .filter(p -> p.path("namespace").asText().equals(query.getOrDefault("namespace", "")))
              .toList(),
          "name",
          parts[2],
          "err-unknown-pipeline-by-name");
    } else if (request.matches("GET /pipelines/[^/]+/versions")) {
      return page("pipeline_versions", versions, query, Set.of("name", "display_name"));
    } else if (request.matches("GET /pipelines/[^/]+/versions/.*")) {
      return one(versions, "pipeline_version_id", parts[3], "err-unknown-run");
    } else if (request.equals("GET /experiments")) {
      return page("experiments", experiments, query, Set.of("name", "display_name"));
    } else if (request.equals("POST /experiments")) {
      return createExperiment(body);
    } else if (request.equals("GET /runs")) {
      return page("runs", runs, query, Set.of("name", "display_name"));
    } else if (request.equals("POST /runs")) {
      return createRun(body);
    } else if (request.matches("POST /runs/[^/]+:terminate")) {
      return terminate(one(runs, "run_id", parts[1].split(":")[0], "err-unknown-run"));
    } else if (request.matches("GET /runs/[^/]+")) {
      return one(runs, "run_id", parts[1], "err-unknown-run");
    }
    throw new IllegalArgumentException("No path " + request);
  }

  private static ObjectNode one(List<ObjectNode> all, String key, String value, String otherwise)
      throws Refusal {
    for (ObjectNode node : all) {
      if (node.path(key).asText().equals(value)) {
        return node;
      }
    }
    throw new Refusal(otherwise);
  }

  /** As the real server: what an empty list would hold is absent. */
  private static JsonNode page(
      String field, List<ObjectNode> all, Map<String, String> query, Set<String> keys)
      throws Exception {
    List<ObjectNode> found = new ArrayList<>(all);
    for (String key : new String[] {"namespace", "experiment_id"}) {
      if (query.containsKey(key)) {
        found.removeIf(node -> !node.path(key).asText().equals(query.get(key)));
      }
    }
    for (JsonNode predicate :
        JSON.readTree(query.getOrDefault("filter", "{}")).path("predicates")) {
      String key = predicate.path("key").asText();
      if (!keys.contains(key) || !"EQUALS".equals(predicate.path("operation").asText())) {
        throw new Refusal("err-bad-filter");
      }
      String value = predicate.path("string_value").asText();
      found.removeIf(
          node -> !node.path(node.has(key) ? key : "display_name").asText().equals(value));
    }
    if (!query.getOrDefault("sort_by", "created_at asc").endsWith("asc")) {
      Collections.reverse(found);
    }
    ObjectNode page = JSON.createObjectNode();
    if (!found.isEmpty()) {
      ArrayNode shown = page.putArray(field);
      found.stream()
          .limit(Long.parseLong(query.getOrDefault("page_size", "20")))
          .forEach(shown::add);
      page.put("total_size", found.size());
    }
    return page;
  }

  private ObjectNode createExperiment(JsonNode body) throws Refusal {
    if (experiments.stream()
        .anyMatch(old -> old.path("display_name").equals(body.path("display_name")))) {
      throw new Refusal("err-dup-experiment2");
    }
    ObjectNode experiment = recorded("exp");
    experiment.setAll((ObjectNode) body);
    experiment.put("experiment_id", "exp-" + experiments.size());
    experiments.add(experiment);
    return experiment;
  }

  private ObjectNode createRun(JsonNode body) throws Refusal {
    for (String field : (Iterable<String>) body::fieldNames) {
      if (!RUN_FIELDS.contains(field)) {
        throw new Refusal("err-unknown-field");
      }
    }
    JsonNode reference = body.path("pipeline_version_reference");
    if (reference.path("pipeline_id").asText().isEmpty()) {
      throw new Refusal("err-no-pipeline");
    }
    one(
        versions,
        "pipeline_version_id",
        reference.path("pipeline_version_id").asText(),
        "err-bad-version");
    JsonNode parameters = body.at("/runtime_config/parameters");
    for (String parameter : (Iterable<String>) parameters::fieldNames) {
      if (!Set.of("who", "code").contains(parameter)) {
        throw new Refusal("err-unknown-param");
      }
    }
    if (parameters.has("code") && !parameters.path("code").isNumber()) {
      throw new Refusal("err-wrong-type");
    }
    ObjectNode run = recorded("run");
    run.setAll((ObjectNode) body);
    run.put("run_id", "run-" + runs.size());
    runs.add(run);
    return run;
  }

  /** The real one notes a terminated run in its history only when its Workflow next reports. */
  private static JsonNode terminate(ObjectNode run) throws Refusal {
    if (!Set.of("PENDING", "RUNNING", "PAUSED").contains(run.path("state").asText())) {
      throw new Refusal("terminate");
    }
    run.put("state", "CANCELING");
    return JSON.createObjectNode();
  }

  /** Brings a run into a state as its Workflow would; one that ends has the tasks of a real one. */
  public synchronized void move(String name, String state) {
    for (ObjectNode run : runs) {
      if (run.path("display_name").asText().equals(name)) {
        String time = Instant.now().toString();
        run.put("state", state);
        run.withArray("state_history").addObject().put("update_time", time).put("state", state);
        String ended = Map.of("SUCCEEDED", "run-final", "FAILED", "fail-final").get(state);
        if (ended != null) {
          run.put("finished_at", time);
          run.set("run_details", recorded(ended).path("run_details"));
        }
      }
    }
  }
}
