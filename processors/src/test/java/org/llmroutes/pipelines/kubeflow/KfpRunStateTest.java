package org.llmroutes.pipelines.kubeflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.pipelines.RunState;
import org.llmroutes.pipelines.RunState.Phase;

/** What a real server said of runs. */
class KfpRunStateTest {
  private static RunState recorded(String name) {
    return KfpRunState.of(FakeKfp.recorded(name));
  }

  @Test
  void recordedRuns() {
    assertThat(recorded("run")).isEqualTo(new RunState(Phase.PENDING, "", ""));
    assertThat(recorded("run-final")).isEqualTo(new RunState(Phase.SUCCEEDED, "", "2/2"));
    assertThat(recorded("get-after-term")).isEqualTo(new RunState(Phase.SUCCEEDED, "", "2/2"));
    assertThat(recorded("fail-final")).isEqualTo(new RunState(Phase.FAILED, "shout failed", "0/2"));
  }

  @ParameterizedTest
  @CsvSource({
    "RUNTIME_STATE_UNSPECIFIED, PENDING",
    "PENDING, PENDING",
    "RUNNING, RUNNING",
    "PAUSED, RUNNING",
    "CANCELING, RUNNING",
    "SUCCEEDED, SUCCEEDED",
    "SKIPPED, SUCCEEDED",
    "FAILED, FAILED",
    "CANCELED, STOPPED",
  })
  void states(String state, Phase phase) {
    ObjectNode run = FakeKfp.recorded("run").put("state", state);
    assertThat(KfpRunState.of(run).phase()).isEqualTo(phase);
    run.remove("state");
    assertThat(KfpRunState.of(run).phase()).isEqualTo(Phase.PENDING);
  }

  @ParameterizedTest
  @CsvSource({"FAILED, STOPPED", "SUCCEEDED, SUCCEEDED"})
  void aTerminatedRunEndsAsFailedUnlessItWasFaster(String state, Phase phase) {
    ObjectNode run = FakeKfp.recorded("run").put("state", state);
    run.withArray("state_history").addObject().put("state", "CANCELING");
    run.withArray("state_history").addObject().put("state", state);
    assertThat(KfpRunState.of(run).phase()).isEqualTo(phase);
  }

  @Test
  void theTaskThatFailedFirstSaysWhy() throws Exception {
    JsonNode details =
        new ObjectMapper()
            .readTree(
                """
                {"task_details": [
                  {"display_name": "root", "state": "FAILED", "end_time": "2026-11-23T15:39:01Z"},
                  {"display_name": "root-driver", "state": "SUCCEEDED"},
                  {"display_name": "late", "state": "FAILED", "end_time": "2026-11-23T15:39:09Z"},
                  {"display_name": "late-driver", "state": "SUCCEEDED"},
                  {"display_name": "early", "state": "FAILED", "end_time": "2026-11-23T15:39:07Z",
                   "error": {"code": 13, "message": "out of\\n memory"}},
                  {"display_name": "early-driver", "state": "SUCCEEDED"},
                  {"display_name": "cached", "state": "SKIPPED"},
                  {"display_name": "cached-driver", "state": "SUCCEEDED"}]}
                """);
    ObjectNode run = FakeKfp.recorded("run").put("state", "FAILED");
    run.set("run_details", details);
    assertThat(KfpRunState.of(run))
        .isEqualTo(new RunState(Phase.FAILED, "early failed: out of memory", "1/3"));
  }

  @Test
  void aRunThatNeverHadTasksSaysItself() {
    ObjectNode run = FakeKfp.recorded("run").put("state", "FAILED");
    run.putObject("error").put("message", "no quota");
    assertThat(KfpRunState.of(run)).isEqualTo(new RunState(Phase.FAILED, "no quota", ""));
  }
}
