package org.llmroutes.pipelines.kubeflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.pipelines.PipelineEngine;
import org.llmroutes.pipelines.PipelineRun;
import org.llmroutes.pipelines.RunState;
import org.llmroutes.pipelines.StartedRun;

/**
 * Runs a pipeline on Kubeflow Pipelines. Target keys: {@code pipeline}, {@code experiment}, which
 * is created where it is missing, {@code version} (name or id; without it the newest) and, on a
 * multi-user server, {@code namespace}.
 *
 * <p>The server does not keep the names of runs unique: a start looks before it creates, and one
 * that takes longer than it is waited for can double a run. The oldest counts until it is recorded
 * which one was started; others of its name are ended whenever they are seen.
 */
public final class KubeflowEngine implements PipelineEngine {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IN_CLUSTER = "http://ml-pipeline.kubeflow.svc.cluster.local:8888";

  private final KfpApi api;
  private final OtherRuns others;
  private final String uiUrl;

  /**
   * @param uiUrl of the user interface, or empty
   */
  KubeflowEngine(KfpApi api, String uiUrl) {
    this.api = api;
    this.others = new OtherRuns(api);
    this.uiUrl = uiUrl.replaceAll("/+$", "");
  }

  /**
   * The engine at {@code KFP_URL}, with the bearer token in {@code KFP_TOKEN_FILE} where there is
   * one; in a cluster, where Kubeflow Pipelines usually is. Empty where neither is so. {@code
   * KFP_UI_URL} is where people look at runs.
   */
  public static Optional<KubeflowEngine> of(Map<String, String> environment) {
    boolean inCluster = environment.containsKey("KUBERNETES_SERVICE_HOST");
    return Optional.ofNullable(environment.getOrDefault("KFP_URL", inCluster ? IN_CLUSTER : null))
        .map(
            url ->
                new KfpClient(
                    url, Optional.ofNullable(environment.get("KFP_TOKEN_FILE")).map(Path::of)))
        .map(
            client ->
                new KubeflowEngine(new KfpApi(client), environment.getOrDefault("KFP_UI_URL", "")));
  }

  @Override
  public StartedRun start(PipelineRun run) {
    try {
      Optional<String> experiment = api.experiment(target(run, "experiment"), namespace(run));
      JsonNode started =
          experiment.flatMap(id -> oldest(run, id)).orElseGet(() -> created(run, experiment));
      if (!OtherRuns.isOf(run, started)) {
        throw new TurnException(
            ErrorCode.REJECTED, "The run " + run.name() + " belongs to another request");
      }
      String id = started.path("run_id").asText();
      others.end(run, started);
      return new StartedRun(
          id, namespace(run), uiUrl.isEmpty() ? "" : uiUrl + "/#/runs/details/" + id);
    } catch (KfpException e) {
      throw e.ofStart();
    }
  }

  private Optional<JsonNode> oldest(PipelineRun run, String experiment) {
    return api.runs(experiment, run.name()).stream().findFirst();
  }

  private JsonNode created(PipelineRun run, Optional<String> experiment) {
    String pipeline = target(run, "pipeline");
    String version = target(run, "version");
    String pipelineId =
        api.pipeline(pipeline, namespace(run)).orElseThrow(() -> missing("pipeline " + pipeline));
    // the server answers a version that it does not know with HTTP 500
    String versionId =
        api.version(pipelineId, version)
            .orElseThrow(
                () -> missing(("version " + version).strip() + " of pipeline " + pipeline));
    ObjectNode body = JSON.createObjectNode();
    body.put("display_name", run.name());
    body.put("description", OtherRuns.description(run));
    body.put(
        "experiment_id",
        experiment.orElseGet(
            () -> api.createExperiment(target(run, "experiment"), namespace(run))));
    body.putObject("pipeline_version_reference")
        .put("pipeline_id", pipelineId)
        .put("pipeline_version_id", versionId);
    body.putObject("runtime_config").set("parameters", JSON.valueToTree(run.parameters()));
    return api.createRun(body);
  }

  /**
   * Where the server is, once it has said that it is well.
   *
   * @throws TurnException {@code unavailable}
   */
  public String server() {
    try {
      return api.health();
    } catch (KfpException e) {
      throw e.unavailable();
    }
  }

  /**
   * What a start would look for in vain: the pipeline of a target, or its version; empty where both
   * are there.
   *
   * @throws TurnException {@code unavailable}
   */
  public Optional<String> missing(Map<String, String> target) {
    String pipeline = target.getOrDefault("pipeline", "");
    String version = target.getOrDefault("version", "");
    try {
      Optional<String> id = api.pipeline(pipeline, target.getOrDefault("namespace", ""));
      if (id.isEmpty()) {
        return Optional.of("pipeline " + pipeline);
      }
      return api.version(id.get(), version).isPresent()
          ? Optional.empty()
          : Optional.of(("version " + version).strip() + " of pipeline " + pipeline);
    } catch (KfpException e) {
      throw e.unavailable();
    }
  }

  private static TurnException missing(String what) {
    return new TurnException(ErrorCode.REJECTED, "There is no " + what + " in Kubeflow Pipelines");
  }

  @Override
  public String title() {
    return "Kubeflow Pipelines";
  }

  @Override
  public Optional<RunState> look(PipelineRun run) {
    try {
      Optional<JsonNode> found = find(run);
      found.ifPresent(counts -> others.endFromTimeToTime(run, counts));
      return found.map(KfpRunState::of);
    } catch (KfpException e) {
      throw e.unavailable();
    }
  }

  private Optional<JsonNode> find(PipelineRun run) {
    return run.id().isEmpty()
        ? api.experiment(target(run, "experiment"), namespace(run))
            .flatMap(experiment -> oldest(run, experiment))
        : api.run(run.id());
  }

  @Override
  public void stop(PipelineRun run) {
    try {
      find(run).ifPresent(found -> api.terminate(found.path("run_id").asText()));
    } catch (KfpException e) {
      throw e.unavailable();
    }
  }

  /** Kubeflow Pipelines tells nothing by itself. */
  @Override
  public void onChange(Consumer<String> runName) {
    // to be looked at from time to time
  }

  private static String target(PipelineRun run, String key) {
    return run.target().getOrDefault(key, "");
  }

  private static String namespace(PipelineRun run) {
    return target(run, "namespace");
  }

  @Override
  public void close() {
    // its connections end with it
  }
}
