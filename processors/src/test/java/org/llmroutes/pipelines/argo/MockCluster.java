package org.llmroutes.pipelines.argo;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.EventListBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.llmroutes.local.Ports;
import org.llmroutes.pipelines.PipelineRun;

/** A Kubernetes API server that keeps what it is given, over its own restarts, too. */
final class MockCluster implements AutoCloseable {
  static final String NAMESPACE = "ai-ml";
  static final String WORKFLOWS = "/apis/argoproj.io/v1alpha1/namespaces/ai-ml/workflows";
  static final String TEMPLATES = "/apis/argoproj.io/v1alpha1/namespaces/ai-ml/workflowtemplates";

  static final String TEMPLATE = "ingest-template";

  /** Of the template that may be there. */
  static final PipelineRun RUN =
      new PipelineRun(
          "ingest-0a1b2c",
          "request-1",
          "ada",
          "ingest",
          Map.of("namespace", NAMESPACE, "workflow_template", TEMPLATE),
          Map.of(),
          "");

  private final Map<ServerRequest, Queue<ServerResponse>> expectations = new HashMap<>();
  private final KubernetesMixedDispatcher store = new KubernetesMixedDispatcher(expectations);
  private final int port = Ports.free(0);
  private KubernetesClient controller;
  private Workflows stored;
  KubernetesMockServer server;

  MockCluster() {
    start();
  }

  void start() {
    server =
        new KubernetesMockServer(new Context(), new MockWebServer(), expectations, store, false);
    server.start(InetAddress.getLoopbackAddress(), port);
    controller = client();
    stored = new Workflows(controller);
  }

  void stop() {
    controller.close();
    server.shutdown();
  }

  /** A client that tries again soon. */
  KubernetesClient client() {
    return server.createClient(
        builder ->
            builder
                .editOrNewConfig()
                .withWatchReconnectInterval(10)
                .withRequestRetryBackoffLimit(0)
                .endConfig());
  }

  void addTemplate(String name) {
    GenericKubernetesResource template = new GenericKubernetesResource();
    template.setApiVersion("argoproj.io/v1alpha1");
    template.setKind("WorkflowTemplate");
    template.setMetadata(new ObjectMetaBuilder().withName(name).build());
    stored.all("WorkflowTemplate", NAMESPACE).resource(template).create();
  }

  void deleteTemplate(String name) {
    stored.all("WorkflowTemplate", NAMESPACE).withName(name).delete();
  }

  /** A pod of {@link #RUN}'s Workflow. */
  void addPod(String status) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("pod-of-run")
            .withNamespace(NAMESPACE)
            .addToLabels("workflows.argoproj.io/workflow", RUN.name())
            .endMetadata()
            .withStatus(new KubernetesSerialization().unmarshal(status, PodStatus.class))
            .build();
    controller.pods().inNamespace(NAMESPACE).resource(pod).create();
  }

  /** Of that pod. */
  void addWarning(String reason, String message) {
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withName("warning")
            .withNamespace(NAMESPACE)
            .endMetadata()
            .withType("Warning")
            .withReason(reason)
            .withMessage(message)
            .withNewInvolvedObject()
            .withName("pod-of-run")
            .endInvolvedObject()
            .build();
    // the server's store knows no such selector
    server
        .expect()
        .get()
        .withPath("/api/v1/namespaces/ai-ml/events?fieldSelector=involvedObject.name%3Dpod-of-run")
        .andReturn(200, new EventListBuilder().withItems(event).build())
        .always();
  }

  NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      workflows() {
    return stored.all("Workflow", NAMESPACE);
  }

  /** The requests so far, not seen before, that made Workflows. */
  List<RecordedRequest> creations() throws InterruptedException {
    List<RecordedRequest> seen = new ArrayList<>();
    for (RecordedRequest next = server.takeRequest(0, TimeUnit.SECONDS);
        next != null;
        next = server.takeRequest(0, TimeUnit.SECONDS)) {
      seen.add(next);
    }
    return seen.stream()
        .filter(request -> request.getRequestLine().startsWith("POST " + WORKFLOWS))
        .toList();
  }

  /** Does as Argo's controller does: changes parts of a Workflow, given as JSON. */
  void change(String name, String part) {
    workflows().withName(name).patch(PatchContext.of(PatchType.JSON_MERGE), part);
  }

  @Override
  public void close() {
    stop();
  }
}
