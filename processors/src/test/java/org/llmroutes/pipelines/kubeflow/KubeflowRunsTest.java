package org.llmroutes.pipelines.kubeflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.pipelines.BridgeStand;

/** A trigger on NATS becomes a run of Kubeflow Pipelines, and its states become statuses. */
class KubeflowRunsTest {
  private final FakeKfp kfp = new FakeKfp();
  private BridgeStand bridge;

  @BeforeEach
  void start() throws Exception {
    bridge = bridge("PT1H");
  }

  private BridgeStand bridge(String deadline) throws Exception {
    return new BridgeStand(
        "kubeflow",
        "{pipeline: hello, experiment: exp1}",
        KubeflowEngine.of(Map.of("KFP_URL", kfp.url())).orElseThrow(),
        Map.of("PIPELINES_UNCONFIRMED_STOP", "1s", "DEADLINE", deadline));
  }

  @AfterEach
  void stop() throws Exception {
    bridge.close();
    kfp.close();
  }

  @Test
  void everyStateIsTold() throws Exception {
    String id = bridge.trigger(Map.of("who", "ada", "code", 3));
    assertThat(bridge.await(id, "submitted")).containsEntry("run_id", "run-0");
    assertThat(kfp.runs.get(0).at("/runtime_config/parameters/code").isNumber()).isTrue();

    kfp.move(name(), "RUNNING");
    bridge.await(id, "running");
    kfp.move(name(), "SUCCEEDED");

    bridge.await(id, "succeeded");
    assertThat(bridge.names(id)).startsWith("accepted", "submitted", "running");
  }

  @Test
  void aCancelledRunThatEndsAsFailedIsCancelled() throws Exception {
    String id = bridge.trigger(Map.of());
    bridge.await(id, "submitted");
    kfp.move(name(), "RUNNING");
    bridge.await(id, "running");

    bridge.cancel(id);
    await().until(() -> kfp.requests.contains("POST /runs/run-0:terminate"));
    kfp.move(name(), "FAILED");

    bridge.await(id, "cancelled");
  }

  @Test
  void whatTheServerRefusesIsRejectedInItsWords() throws Exception {
    JsonNode refusal = FakeKfp.recorded("err-unknown-param");
    kfp.failing("POST /runs", 400, refusal.toString());

    Map<String, Object> rejected = bridge.await(bridge.trigger(Map.of("wrong", 1)), "rejected");

    assertThat((Map<?, ?>) rejected.get("error")).extracting("code").isEqualTo("rejected");
    assertThat((String) rejected.get("message")).isNotBlank();
  }

  @Test
  void aServerThatFailsIsAskedAgain() throws Exception {
    kfp.failing("POST /runs", 503, "{}");

    String id = bridge.trigger(Map.of());

    bridge.await(id, "submitted");
    assertThat(kfp.runs).hasSize(1);
  }

  /** The real server does so where somebody has deleted the Workflow. */
  @Test
  void aRunWhoseStopIsNeverConfirmedEndsAndFreesItsSlot() throws Exception {
    kfp.failing("POST /runs/run-0:terminate", 500, FakeKfp.recorded("err-bad-version").toString());
    String cancelled = bridge.trigger(Map.of());
    bridge.await(cancelled, "submitted");
    kfp.move(name(), "RUNNING");
    bridge.await(cancelled, "running");
    bridge.cancel(cancelled);
    String next = bridge.trigger(Map.of());

    assertThat((String) bridge.await(cancelled, "cancelled").get("message"))
        .contains("Kubeflow Pipelines does not say that it has stopped");
    bridge.await(next, "submitted");
  }

  @Test
  void aRunThatDoesNotStopAtItsDeadlineHasFailed() throws Exception {
    try (BridgeStand hasty = bridge("PT1S")) {
      Map<String, Object> failed = hasty.await(hasty.trigger(Map.of()), "failed");

      assertThat((String) failed.get("message"))
          .contains("Kubeflow Pipelines does not say that it has stopped");
      assertThat((Map<?, ?>) failed.get("error")).extracting("code").isEqualTo("timeout");
    }
  }

  @Test
  void aLoginInFrontOfTheServerIsToldWhileItIsWaitedFor() throws Exception {
    for (int i = 0; i < 6; i++) {
      kfp.failing("GET /experiments", 200, "<!doctype html><title>Log in</title>");
    }

    String id = bridge.trigger(Map.of());

    bridge.awaitMessage(id, "KFP_TOKEN_FILE");
    assertThat(bridge.names(id)).startsWith("accepted", "accepted");
  }

  private String name() {
    return kfp.runs.get(0).path("display_name").asText();
  }
}
