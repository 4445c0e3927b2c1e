package org.llmroutes.pipelines.argo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.pipelines.BridgeStand;

/** A trigger on NATS becomes a Workflow, and what Argo does with it becomes statuses. */
class WorkflowRunsTest {
  private final MockCluster cluster = new MockCluster();
  private BridgeStand bridge;

  @BeforeEach
  void start() throws Exception {
    cluster.addTemplate(MockCluster.TEMPLATE);
    bridge =
        new BridgeStand(
            "argo",
            "{namespace: ai-ml, workflow_template: ingest-template}",
            new ArgoEngine(cluster.client(), "https://argo.example"));
  }

  @AfterEach
  void stop() throws Exception {
    bridge.close();
    cluster.close();
  }

  @Test
  void everyPhaseIsTold() throws Exception {
    String id = bridge.trigger(Map.of("source", "docs"));
    Map<String, Object> submitted = bridge.await(id, "submitted");
    String name = (String) submitted.get("run_id");
    assertThat(submitted)
        .containsEntry("engine", "argo")
        .containsEntry("namespace", "ai-ml")
        .containsEntry("url", "https://argo.example/workflows/ai-ml/" + name);

    cluster.change(name, "{\"status\":{\"phase\":\"Running\",\"progress\":\"0/2\"}}");
    bridge.await(id, "running");
    cluster.change(name, "{\"status\":{\"phase\":\"Running\",\"progress\":\"1/2\"}}");
    await().until(() -> bridge.names(id).size() == 4);
    cluster.change(name, "{\"status\":{\"phase\":\"Succeeded\",\"progress\":\"2/2\"}}");

    assertThat(bridge.await(id, "succeeded")).containsEntry("progress", "2/2");
    assertThat(bridge.names(id))
        .containsExactly("accepted", "submitted", "running", "running", "succeeded");
  }

  @Test
  void aFailureSaysWhy() throws Exception {
    String id = bridge.trigger(Map.of());
    String name = (String) bridge.await(id, "submitted").get("run_id");

    cluster.change(name, "{\"status\":{\"phase\":\"Failed\",\"message\":\"No bucket\"}}");

    Map<String, Object> failed = bridge.await(id, "failed");
    assertThat(failed).containsEntry("message", "No bucket");
    assertThat((Map<?, ?>) failed.get("error")).extracting("code").isEqualTo("run_failed");
  }

  @Test
  void aCancelTerminatesAndIsToldWhenTheWorkflowHasStopped() throws Exception {
    String id = bridge.trigger(Map.of());
    String name = (String) bridge.await(id, "submitted").get("run_id");
    cluster.change(name, "{\"status\":{\"phase\":\"Running\"}}");
    bridge.await(id, "running");

    bridge.cancel(id);
    await()
        .until(
            () ->
                "Terminate"
                    .equals(cluster.workflows().withName(name).get().get("spec", "shutdown")));
    assertThat(bridge.names(id)).containsExactly("accepted", "submitted", "running");
    cluster.change(name, "{\"status\":{\"phase\":\"Failed\",\"message\":\"Stopped\"}}");

    bridge.await(id, "cancelled");
  }

  @Test
  void aMissingTemplateIsRejected() throws Exception {
    cluster.deleteTemplate(MockCluster.TEMPLATE);

    Map<String, Object> rejected = bridge.await(bridge.trigger(Map.of()), "rejected");

    assertThat((String) rejected.get("message")).contains("no WorkflowTemplate ingest-template");
    assertThat((Map<?, ?>) rejected.get("error")).extracting("code").isEqualTo("rejected");
  }

  @Test
  void anApiServerThatIsAwayIsWaitedFor() throws Exception {
    cluster.stop();
    String id = bridge.trigger(Map.of());
    bridge.await(id, "accepted");

    cluster.start();
    String name = (String) bridge.await(id, "submitted").get("run_id");
    cluster.stop();
    cluster.start();
    cluster.change(name, "{\"status\":{\"phase\":\"Succeeded\"}}");

    bridge.await(id, "succeeded");
    assertThat(cluster.workflows().list().getItems())
        .extracting(workflow -> workflow.getMetadata().getName())
        .isEqualTo(List.of(name));
  }

  @Test
  void aWorkflowThatIsDeletedHasFailed() throws Exception {
    String id = bridge.trigger(Map.of());
    String name = (String) bridge.await(id, "submitted").get("run_id");

    cluster.workflows().withName(name).delete();

    assertThat((String) bridge.await(id, "failed").get("message")).contains("gone");
  }
}
