package org.llmroutes.pipelines.argo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.llmroutes.pipelines.argo.MockCluster.RUN;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListMetaBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llmroutes.errors.TurnException;
import org.llmroutes.pipelines.RunState;
import org.llmroutes.pipelines.RunState.Phase;

/** Changes are told as they come, and again after whatever ends a watch. */
@Timeout(60)
class WorkflowWatchTest {
  private static final String SELECTED = "labelSelector=llm-routes%2Fpipeline";

  private final Queue<String> changes = new ConcurrentLinkedQueue<>();

  private static void awaitPhase(ArgoEngine engine, Phase phase) {
    await()
        .ignoreException(TurnException.class)
        .untilAsserted(() -> assertThat(engine.look(RUN)).map(RunState::phase).contains(phase));
  }

  private void awaitChange() {
    await().untilAsserted(() -> assertThat(changes).contains(RUN.name()));
    changes.clear();
  }

  @Test
  void changesAreTold() {
    try (MockCluster cluster = new MockCluster();
        ArgoEngine engine = new ArgoEngine(cluster.client(), "")) {
      cluster.addTemplate(MockCluster.TEMPLATE);
      engine.onChange(changes::add);
      engine.start(RUN);
      awaitChange();
      cluster.change(RUN.name(), "{\"status\":{\"phase\":\"Running\"}}");
      awaitChange();
      cluster.workflows().withName(RUN.name()).delete();
      awaitChange();
    }
  }

  @Test
  void whatWasStartedBeforeIsTold() {
    try (MockCluster cluster = new MockCluster();
        ArgoEngine before = new ArgoEngine(cluster.client(), "");
        ArgoEngine after = new ArgoEngine(cluster.client(), "")) {
      cluster.addTemplate(MockCluster.TEMPLATE);
      before.start(RUN);
      after.onChange(changes::add);
      assertThat(after.look(RUN)).isPresent();
      awaitChange();
    }
  }

  @Test
  void anApiServerThatIsAwayComesBack() {
    try (MockCluster cluster = new MockCluster();
        ArgoEngine engine = new ArgoEngine(cluster.client(), "")) {
      cluster.addTemplate(MockCluster.TEMPLATE);
      engine.onChange(changes::add);
      engine.start(RUN);
      awaitChange();

      cluster.stop();
      await()
          .untilAsserted(
              () ->
                  assertThatExceptionOfType(TurnException.class)
                      .isThrownBy(() -> engine.look(RUN)));
      cluster.start();
      cluster.change(RUN.name(), "{\"status\":{\"phase\":\"Running\"}}");
      awaitPhase(engine, Phase.RUNNING);
      changes.clear();
      // until the watch is there again, changes are seen but not told
      await()
          .untilAsserted(
              () -> {
                cluster.change(RUN.name(), "{\"status\":{\"progress\":\"1/2\"}}");
                cluster.change(RUN.name(), "{\"status\":{\"progress\":\"0/2\"}}");
                assertThat(changes).contains(RUN.name());
              });
    }
  }

  @Test
  void anApiServerThatIsAwayAtFirstIsFollowedLater() {
    MockCluster cluster = new MockCluster();
    try (ArgoEngine engine = new ArgoEngine(cluster.client(), "")) {
      cluster.addTemplate(MockCluster.TEMPLATE);
      cluster.stop();
      engine.onChange(changes::add);
      assertThatExceptionOfType(TurnException.class).isThrownBy(() -> engine.start(RUN));
      cluster.start();
      engine.start(RUN);
      awaitChange();
    } finally {
      cluster.close();
    }
  }

  /** There is no answer to a plain read here: all that is known comes from lists and watches. */
  @Test
  void anExpiredWatchBeginsAgainWithAList() {
    KubernetesMockServer server = new KubernetesMockServer(false);
    server.start();
    server
        .expect()
        .get()
        .withPath(MockCluster.WORKFLOWS + "?" + SELECTED + "&resourceVersion=0")
        .andReturn(200, list("5", workflow("Pending", "4")))
        .once();
    server
        .expect()
        .get()
        .withPath(watch("5"))
        .andUpgradeToWebSocket()
        .open()
        .immediately()
        .andEmit(
            new WatchEvent(
                new StatusBuilder()
                    .withCode(HttpURLConnection.HTTP_GONE)
                    .withReason("Expired")
                    .withMessage("too old resource version: 5 (9)")
                    .build(),
                "ERROR"))
        .done()
        .once();
    server
        .expect()
        .get()
        .withPath(MockCluster.WORKFLOWS + "?" + SELECTED)
        .andReturn(200, list("10", workflow("Running", "9")))
        .once();
    server
        .expect()
        .get()
        .withPath(watch("10"))
        .andUpgradeToWebSocket()
        .open()
        .immediately()
        .andEmit(new WatchEvent(workflow("Succeeded", "11"), "MODIFIED"))
        // keeps the watch open
        .expectHttpRequest("/never")
        .andEmit("")
        .once()
        .done()
        .once();
    try (ArgoEngine engine =
        new ArgoEngine(
            server.createClient(
                builder -> builder.editOrNewConfig().withWatchReconnectInterval(10).endConfig()),
            "")) {
      engine.onChange(changes::add);
      awaitPhase(engine, Phase.SUCCEEDED);
      awaitChange();
    } finally {
      server.shutdown();
    }
  }

  private static String watch(String version) {
    return MockCluster.WORKFLOWS
        + "?allowWatchBookmarks=true&"
        + SELECTED
        + "&resourceVersion="
        + version
        + "&timeoutSeconds=600&watch=true";
  }

  private static GenericKubernetesResource workflow(String phase, String version) {
    GenericKubernetesResource workflow = WorkflowManifest.of(RUN);
    workflow.getMetadata().setResourceVersion(version);
    workflow.setAdditionalProperty("status", Map.of("phase", phase));
    return workflow;
  }

  private static GenericKubernetesResourceList list(
      String version, GenericKubernetesResource workflow) {
    GenericKubernetesResourceList list = new GenericKubernetesResourceList();
    list.setApiVersion("argoproj.io/v1alpha1");
    list.setKind("WorkflowList");
    list.setMetadata(new ListMetaBuilder().withResourceVersion(version).build());
    list.setItems(List.of(workflow));
    return list;
  }
}
