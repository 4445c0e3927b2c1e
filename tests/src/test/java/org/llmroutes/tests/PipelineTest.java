package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.llmroutes.tests.PipelineClient.names;
import static org.llmroutes.tests.PipelineClient.trigger;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.pipelines.RunState.Phase;

/** A trigger becomes one run, and every change of it one status. */
class PipelineTest {
  private static PipelineStand stand;
  private static ScriptedEngine engine;
  private PipelineClient client;

  static final String CATALOGUE =
      """
      pipelines:
        ingestion:
          description: For tests
          engines:
            kubeflow: {pipeline: ingestion, experiment: tests}
            argo: {namespace: ai-ml, workflow_template: ingestion}
          parameters:
            type: object
            additionalProperties: false
            required: [source]
            properties:
              source: {type: string}
              collection: {type: string, default: documents}
              shards: {type: integer, minimum: 1}
              options: {type: object}
          allowed_users: ["*"]
          max_running: 100
          deadline: PT1H
        single:
          description: One at a time
          engines:
            argo: {namespace: ai-ml, workflow_template: single}
          parameters: {type: object}
          allowed_users: ["ada", "bob"]
          max_running: 1
          deadline: PT1H
        hasty:
          description: Soon over
          engines:
            argo: {namespace: ai-ml, workflow_template: hasty}
          parameters: {type: object}
          allowed_users: ["*"]
          max_running: 10
          deadline: PT2S
      """;

  @BeforeAll
  static void start() {
    stand = new PipelineStand(CATALOGUE);
    engine = stand.engine;
    stand.instance();
  }

  @AfterAll
  static void stop() {
    stand.close();
  }

  @BeforeEach
  void listen() {
    client = new PipelineClient(stand.nats);
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void everyChangeOfARunIsToldOnce() {
    String id = client.send(trigger("ingestion"));
    client.awaitStatus(id, "submitted");
    engine.tell(id, Phase.PENDING, "no node is free", "");
    engine.tell(id, Phase.RUNNING, "", "0/2");
    client.awaitProgress(id, "0/2");
    engine.tell(id, Phase.RUNNING, "", "1/2");
    client.awaitProgress(id, "1/2");
    engine.tell(id, Phase.SUCCEEDED, "all done", "2/2");

    List<Map<String, Object>> told = client.statuses(id);

    assertThat(names(told))
        .containsExactly("accepted", "submitted", "running", "running", "succeeded");
    assertThat(told)
        .allSatisfy(
            status ->
                assertThat(status)
                    .containsEntry("user_id", "ada")
                    .containsEntry("pipeline", "ingestion")
                    .containsEntry("engine", "argo"));
    String run = engine.run(id).name();
    assertThat(run).startsWith("ingestion-").hasSizeLessThan(64).matches("[a-z0-9-]+");
    assertThat(told.get(1))
        .containsEntry("run_id", run)
        .containsEntry("namespace", "ai-ml")
        .containsEntry("url", "https://argo.test/" + run);
    assertThat(told.get(4))
        .containsEntry("run_id", run)
        .containsEntry("message", "all done")
        .containsEntry("progress", "2/2");
    assertThat(client.heard(id)).isEqualTo(told);
    await().untilAsserted(() -> assertThat(triggersLeft()).isZero());
  }

  @Test
  void theEngineGetsCompleteParametersAndItsTarget() {
    Map<String, Object> trigger = trigger("ingestion");
    trigger.put("parameters", Map.of("source", "a \"b\" ${c} {d}", "options", Map.of("n", 2)));
    String id = client.send(trigger);
    client.awaitStatus(id, "submitted");

    assertThat(engine.run(id).parameters())
        .containsEntry("source", "a \"b\" ${c} {d}")
        .containsEntry("collection", "documents")
        .containsEntry("options", Map.of("n", 2L));
    assertThat(engine.run(id).target())
        .isEqualTo(Map.of("namespace", "ai-ml", "workflow_template", "ingestion"));
    engine.succeed(id);
    client.statuses(id);
  }

  private static long triggersLeft() throws Exception {
    return stand
        .nats
        .jetStreamManagement()
        .getStreamInfo("AI_PIPELINE")
        .getStreamState()
        .getMsgCount();
  }
}
