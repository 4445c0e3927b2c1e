package org.llmroutes.pipelines.argo;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.pipelines.PipelineEngine;
import org.llmroutes.pipelines.PipelineRun;
import org.llmroutes.pipelines.RunMessage;
import org.llmroutes.pipelines.RunState;
import org.llmroutes.pipelines.StartedRun;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/**
 * Runs a pipeline as an Argo Workflow made from a WorkflowTemplate. Target keys: {@code namespace}
 * and {@code workflow_template}. The name of the run is that of the Workflow, so that Kubernetes
 * itself refuses a second one.
 */
public final class ArgoEngine implements PipelineEngine {
  /** After that, it is looked for what keeps pods from starting. */
  private static final Duration SLOW_START = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final Workflows workflows;
  private final WorkflowWatch watch;
  private final StartingPods pods;
  private final Optional<ArgoServer> server;
  private final String uiUrl;

  /**
   * @param client closed with the engine
   * @param environment {@code ARGO_UI_URL}, and what {@link ArgoServer} takes
   */
  ArgoEngine(KubernetesClient client, Map<String, String> environment) {
    this.client = client;
    this.server = ArgoServer.of(environment);
    this.pods = new StartingPods(client);
    this.workflows = new Workflows(client);
    this.watch = new WorkflowWatch(workflows);
    this.uiUrl = environment.getOrDefault("ARGO_UI_URL", "").replaceAll("/+$", "");
  }

  /**
   * @param client closed with the engine
   * @param uiUrl of the Argo server, or empty
   */
  ArgoEngine(KubernetesClient client, String uiUrl) {
    this(client, Map.of("ARGO_UI_URL", uiUrl));
  }

  /**
   * The engine in the cluster that kubectl would talk to; empty where there is none. {@code
   * ARGO_UI_URL} is where people look at Workflows, {@code ARGO_SERVER_URL} has those that
   * Kubernetes has not any more.
   */
  public static Optional<ArgoEngine> of(Map<String, String> environment) {
    return KubernetesAccess.find(environment)
        .map(KubernetesAccess::client)
        .map(client -> new ArgoEngine(client, environment));
  }

  @Override
  public String title() {
    return "Argo Workflows";
  }

  @Override
  public StartedRun start(PipelineRun run) {
    String namespace = namespace(run);
    watch.follow(namespace);
    Span span =
        Tracing.current()
            .begin(Span.Kind.CLIENT, "create Workflow")
            .set(Names.SERVICE, title())
            .set(Names.SERVER_ADDRESS, client.getMasterUrl().getHost());
    try (Span.Scope ignored = span.enter()) {
      GenericKubernetesResource workflow = created(run);
      if (!WorkflowManifest.isOf(run, workflow)) {
        throw new TurnException(
            ErrorCode.REJECTED, "The Workflow " + run.name() + " belongs to another request");
      }
    } catch (KubernetesClientException e) {
      span.fail(e);
      throw KubernetesFailure.ofStart(e, namespace);
    } finally {
      span.end();
    }
    return new StartedRun(run.name(), namespace, url(namespace, run.name()));
  }

  /** The Workflow of the run's name, new or not. */
  private GenericKubernetesResource created(PipelineRun run) {
    String template = run.target().get("workflow_template");
    // without this look Argo would take the Workflow, and fail it later
    if (!workflows.hasTemplate(namespace(run), template)) {
      return workflows
          .find(namespace(run), run.name())
          .orElseThrow(
              () ->
                  new TurnException(
                      ErrorCode.REJECTED,
                      "There is no WorkflowTemplate %s in namespace %s"
                          .formatted(template, namespace(run))));
    }
    return workflows.create(namespace(run), WorkflowManifest.of(run));
  }

  @Override
  public Optional<RunState> look(PipelineRun run) {
    return watch
        .known(namespace(run), run.name())
        .or(() -> current(run))
        .or(() -> collected(run))
        .map(workflow -> state(run, workflow));
  }

  /** One that was started, and that Kubernetes does not have any more. */
  private Optional<GenericKubernetesResource> collected(PipelineRun run) {
    return run.id().isEmpty()
        ? Optional.empty()
        : watch.deleted(namespace(run), run.name()).or(() -> archived(run));
  }

  private Optional<GenericKubernetesResource> archived(PipelineRun run) {
    return server
        .flatMap(there -> there.find(namespace(run), run.name()))
        .filter(workflow -> WorkflowManifest.isOf(run, workflow));
  }

  private RunState state(PipelineRun run, GenericKubernetesResource workflow) {
    RunState state = WorkflowState.of(workflow);
    boolean incomplete =
        state.phase().isFinal() && state.message().isEmpty() || WorkflowState.saysNoCause(workflow);
    if (incomplete && server.isPresent() && WorkflowNodes.areElsewhere(workflow)) {
      return archived(run).map(WorkflowState::of).orElse(state);
    }
    String since = WorkflowState.startingSince(workflow);
    boolean slow = since != null && Instant.parse(since).plus(SLOW_START).isBefore(Instant.now());
    return slow && state.obstacle().isEmpty()
        ? new RunState(
            state.phase(),
            state.message(),
            state.progress(),
            RunMessage.of(pods.obstacle(namespace(run), run.name())))
        : state;
  }

  private Optional<GenericKubernetesResource> current(PipelineRun run) {
    return asked(() -> workflows.find(namespace(run), run.name()));
  }

  @Override
  public void stop(PipelineRun run) {
    // one that has failed by itself would otherwise look like one that was stopped
    if (current(run).filter(found -> !WorkflowState.of(found).phase().isFinal()).isPresent()) {
      try {
        workflows.terminate(namespace(run), run.name());
      } catch (KubernetesClientException e) {
        throw KubernetesFailure.unavailable(e);
      }
    }
  }

  @Override
  public void onChange(Consumer<String> runName) {
    watch.onChange(runName);
  }

  /**
   * What the bridge may not do in a namespace and would have to, for instance {@code create
   * workflows}.
   *
   * @throws TurnException {@code unavailable}
   */
  public List<String> missingRights(String namespace) {
    return asked(() -> BridgeRights.missing(client, namespace)).stream()
        .map(BridgeRights.Right::toString)
        .toList();
  }

  /**
   * Whether there is such a WorkflowTemplate.
   *
   * @throws TurnException {@code unavailable}
   */
  public boolean hasTemplate(String namespace, String name) {
    return asked(() -> workflows.hasTemplate(namespace, name));
  }

  /** For instance {@code v1.34.1} at an address. */
  public String kubernetes() {
    return asked(
        () -> client.getKubernetesVersion().getGitVersion() + " at " + client.getMasterUrl());
  }

  private static <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (KubernetesClientException e) {
      throw KubernetesFailure.unavailable(e);
    }
  }

  private static String namespace(PipelineRun run) {
    return run.target().get("namespace");
  }

  private String url(String namespace, String name) {
    return uiUrl.isEmpty() ? "" : uiUrl + "/workflows/" + namespace + "/" + name;
  }

  @Override
  public void close() {
    watch.close();
    client.close();
  }
}
