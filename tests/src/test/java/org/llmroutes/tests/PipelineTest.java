package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.llmroutes.tests.PipelineClient.names;
import static org.llmroutes.tests.PipelineClient.trigger;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.errors.ErrorCode;
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
        impatient:
          description: Given up soon
          engines:
            argo: {namespace: ai-ml, workflow_template: impatient}
          parameters: {type: object}
          allowed_users: ["*"]
          max_running: 1
          deadline: PT1H
          patience: PT2S
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
    engine.fail(null, null);
    engine.stopsAtOnce(true);
    engine.letGo();
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
  void whatIsNilIsAsIfLeftOut() {
    Map<String, Object> trigger = trigger("ingestion");
    Map<String, Object> parameters = new HashMap<>(Map.of("source", "docs"));
    parameters.put("collection", null);
    trigger.put("parameters", parameters);
    List.of("user_id", "engine", "timestamp").forEach(field -> trigger.put(field, null));

    String id = client.send(trigger);

    client.awaitStatus(id, "submitted");
    assertThat(client.heard(id).get(0)).containsEntry("user_id", "anonymous");
    engine.tell(id, Phase.SUCCEEDED, "", "");
    client.end(id);
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

  @Test
  void aSecondTriggerOfTheSameIdStartsNothingAndRepeatsTheLastStatus() {
    Map<String, Object> trigger = trigger("ingestion");
    String id = client.send(trigger);
    client.awaitStatus(id, "submitted");
    client.send(trigger);
    await().until(() -> client.heard(id).size() == 3);
    engine.succeed(id);
    List<Map<String, Object>> told = client.statuses(id);
    client.send(trigger);
    await().until(() -> client.heard(id).size() == 5);

    assertThat(names(told)).containsExactly("accepted", "submitted", "succeeded");
    assertThat(names(client.heard(id)))
        .containsExactly("accepted", "submitted", "submitted", "succeeded", "succeeded");
    assertThat(client.stored(id)).isEqualTo(told);
    assertThat(engine.order()).containsOnlyOnce(id);
  }

  @Test
  void anotherUsersIdIsAnsweredToNobody() {
    Map<String, Object> trigger = trigger("ingestion");
    String id = client.send(trigger);
    client.awaitStatus(id, "submitted");
    engine.succeed(id);
    List<Map<String, Object>> told = client.statuses(id);
    try (DeadLetters letters = new DeadLetters(stand.nats, "pipeline")) {
      trigger.put("user_id", "thief");
      client.send(trigger);

      Message letter = letters.next();
      assertThat(letter.getHeaders().getFirst("Dlq-Error-Code")).isEqualTo("rejected");
      assertThat(letter.getHeaders().getFirst("Dlq-Reason")).contains("another user");
    }
    await().untilAsserted(() -> assertThat(triggersLeft()).isZero());
    assertThat(client.heard(id)).isEqualTo(told);
  }

  @Test
  void aRunThatFailsIsToldWithItsReasonAndLeavesNoDeadLetter() throws Exception {
    try (DeadLetters letters = new DeadLetters(stand.nats, "pipeline")) {
      String id = client.send(trigger("ingestion"));
      client.awaitStatus(id, "submitted");
      engine.tell(id, Phase.FAILED, "step embed:\n exit code 1", "1/3");

      Map<String, Object> end = client.end(id);

      assertThat(end)
          .containsEntry("status", "failed")
          .containsEntry("progress", "1/3")
          .containsEntry(
              "error",
              Map.of(
                  "code", "run_failed",
                  "message", "step embed: exit code 1",
                  "retryable", false));
      assertThat(letters.waiting()).isFalse();
    }
  }

  @Test
  void howARunEndedThatIsGoneIsUnknown() {
    String id = client.send(trigger("ingestion"));
    client.awaitStatus(id, "submitted");
    engine.forget(id);

    assertThat(client.end(id))
        .containsEntry("status", "failed")
        .extracting("error")
        .asString()
        .contains("unknown")
        .contains("gone")
        .doesNotContain("run_failed");
  }

  @Test
  void aRunThatSomebodyElseStopsIsCancelledAndSaysSo() {
    String id = client.send(trigger("ingestion"));
    client.awaitStatus(id, "submitted");
    engine.tell(id, Phase.STOPPED, "shutdown", "");

    assertThat(client.end(id))
        .containsEntry("status", "cancelled")
        .containsEntry("message", "Stopped from outside. shutdown");
  }

  @Test
  void aRefusedStartIsRejectedAndKeptAsADeadLetter() {
    try (DeadLetters letters = new DeadLetters(stand.nats, "pipeline")) {
      engine.fail(ErrorCode.REJECTED, "There is no WorkflowTemplate ingestion");
      Map<String, Object> trigger = trigger("ingestion");
      String id = client.send(trigger);

      assertThat(client.end(id))
          .containsEntry("status", "rejected")
          .containsEntry("seq", 1)
          .containsEntry("message", "There is no WorkflowTemplate ingestion");
      Message letter = letters.next();
      assertThat(letter.getData()).isEqualTo(Client.pack(trigger));
      Headers headers = letter.getHeaders();
      assertThat(headers.getFirst("Dlq-Error-Code")).isEqualTo("rejected");
      assertThat(headers.getFirst("Dlq-Reason")).contains("no WorkflowTemplate");
      assertThat(headers.getFirst("Dlq-Subject")).isEqualTo("ai.pipeline.trigger");
      assertThat(headers.getFirst("Dlq-Delivery-Count")).isEqualTo("1");
      assertThat(headers.getFirst("Dlq-Stream-Sequence")).matches("\\d+");
    }
  }

  @Test
  void anEngineThatIsAwayIsTriedAgainUntilItIsBack() {
    String running = client.send(trigger("ingestion"));
    client.awaitStatus(running, "submitted");
    engine.fail(ErrorCode.UNAVAILABLE, "connection refused");
    String waiting = client.send(trigger("ingestion"));
    client.awaitStatus(waiting, "accepted");
    await().until(() -> engine.failures() > 4);
    engine.fail(null, null);
    client.awaitStatus(waiting, "submitted");
    engine.succeed(waiting);
    engine.succeed(running);

    assertThat(names(client.statuses(waiting)))
        .containsExactly("accepted", "submitted", "succeeded");
    assertThat(names(client.statuses(running)))
        .containsExactly("accepted", "submitted", "succeeded");
  }

  @Test
  void anEngineThatStaysAwayUntilTheDeadlineFailsTheRun() {
    engine.fail(ErrorCode.UNAVAILABLE, "connection refused");
    String id = client.send(trigger("hasty"));

    Map<String, Object> end = client.end(id);

    assertThat(names(client.stored(id))).containsExactly("accepted", "failed");
    assertThat(end)
        .extracting("error")
        .asString()
        .contains("unavailable")
        .contains("argo")
        .contains("before the deadline: connection refused");
  }

  @Test
  void aRunThatIsNeverStartedIsGivenUpWhenPatienceIsAtItsEndAndTheNextOneHasItsTurn() {
    engine.fail(ErrorCode.UNAVAILABLE, "connection refused");
    String first = client.send(trigger("impatient"));
    String second = client.send(trigger("impatient"));

    for (String id : List.of(first, second)) {
      assertThat(client.end(id))
          .containsEntry("status", "failed")
          .extracting("error")
          .asString()
          .contains("unavailable")
          .contains("could not start it within PT2S: connection refused");
    }
    assertThat(engine.run(first)).isNull();
  }

  @Test
  void whatARunWaitsForIsToldUntilItGoesOn() {
    String running = client.send(trigger("ingestion"));
    client.awaitStatus(running, "submitted");
    engine.tell(running, Phase.RUNNING, "", "1/2");
    client.awaitStatus(running, "running");
    engine.fail(ErrorCode.UNAVAILABLE, "connection refused");
    String waiting = client.send(trigger("ingestion"));

    client.awaitMessage(waiting, "Waiting: connection refused");
    client.awaitMessage(running, "Waiting: connection refused");
    engine.fail(null, null);
    client.awaitStatus(waiting, "submitted");
    engine.obstruct(running, "embed: ImagePullBackOff");
    client.awaitMessage(running, "embed: ImagePullBackOff");
    engine.tell(running, Phase.RUNNING, "", "1/2");
    await().until(() -> !last(running).containsKey("message"));
    engine.succeed(running);
    engine.succeed(waiting);

    assertThat(client.end(running)).doesNotContainKey("message").containsEntry("progress", "2/2");
    assertThat(names(client.statuses(waiting)))
        .containsExactly("accepted", "accepted", "submitted", "succeeded");
  }

  private Map<String, Object> last(String id) {
    List<Map<String, Object>> heard = client.heard(id);
    return heard.get(heard.size() - 1);
  }

  @Test
  void anEngineThatNeverAnswersIsToldOf() throws Exception {
    CountDownLatch starting = engine.hold("before start");
    String id = client.send(trigger("ingestion"));
    starting.await();

    client.awaitMessage(id, "has not answered");
    engine.letGo();
    client.awaitStatus(id, "submitted");
    engine.succeed(id);
    client.end(id);
    assertThat(engine.order()).containsOnlyOnce(id);
  }

  @Test
  void aRunIsStoppedAtItsDeadlineAndHasFailedOnceItHasStopped() {
    engine.stopsAtOnce(false);
    String id = client.send(trigger("hasty"));
    client.awaitStatus(id, "submitted");
    engine.tell(id, Phase.RUNNING, "", "0/1");
    await().until(() -> engine.stopped(id));
    assertThat(names(client.heard(id))).containsExactly("accepted", "submitted", "running");
    engine.tell(id, Phase.FAILED, "terminated", "");

    assertThat(client.end(id))
        .containsEntry("status", "failed")
        .extracting("error")
        .asString()
        .contains("timeout")
        .contains("deadline");
  }

  @Test
  void aCancelStopsTheRunAndIsToldOnceItHasStopped() {
    engine.stopsAtOnce(false);
    String id = client.send(trigger("ingestion"));
    client.awaitStatus(id, "submitted");
    engine.tell(id, Phase.RUNNING, "", "1/2");
    client.awaitStatus(id, "running");
    client.cancel(id);
    await().until(() -> engine.stopped(id));
    assertThat(names(client.heard(id))).containsExactly("accepted", "submitted", "running");
    engine.tell(id, Phase.STOPPED, "terminated", "");

    assertThat(names(client.statuses(id)))
        .containsExactly("accepted", "submitted", "running", "cancelled");
  }

  @Test
  void aRunThatSucceedsAllTheSameHasSucceeded() {
    engine.stopsAtOnce(false);
    String id = client.send(trigger("ingestion"));
    client.awaitStatus(id, "submitted");
    client.cancel(id);
    await().until(() -> engine.stopped(id));
    engine.succeed(id);

    assertThat(client.end(id)).containsEntry("status", "succeeded");
    client.cancel(id);
    String later = client.send(trigger("ingestion"));
    client.awaitStatus(later, "submitted");
    engine.succeed(later);
    client.end(later);
    assertThat(client.end(id)).containsEntry("status", "succeeded");
  }

  @Test
  void aCancelWhileTheRunIsBeingStartedStopsIt() throws Exception {
    CountDownLatch starting = engine.hold("after start");
    String id = client.send(trigger("ingestion"));
    starting.await();
    client.cancel(id);
    await().until(() -> cancelIsNoted(id));
    engine.letGo();

    assertThat(names(client.statuses(id))).containsExactly("accepted", "submitted", "cancelled");
    assertThat(engine.stopped(id)).isTrue();
  }

  @Test
  void aCancelThatComesFirstKeepsTheRunFromBeingStarted() {
    Map<String, Object> trigger = trigger("ingestion");
    String id = (String) trigger.get("request_id");
    client.cancel(id);
    await().until(() -> stand.nats.keyValue("turns").get(id) != null);
    client.send(trigger);

    assertThat(names(client.statuses(id))).containsExactly("accepted", "cancelled");
    assertThat(engine.run(id)).isNull();
  }

  @Test
  void whatIsOverTheLimitWaitsInOrderOfArrival() {
    List<String> ids = Stream.generate(() -> client.send(trigger("single"))).limit(5).toList();
    client.awaitStatus(ids.get(4), "accepted");
    client.awaitStatus(ids.get(0), "submitted");
    client.cancel(ids.get(2));

    assertThat(names(client.statuses(ids.get(2)))).containsExactly("accepted", "cancelled");
    for (int i : new int[] {0, 1, 3, 4}) {
      client.awaitStatus(ids.get(i), "submitted");
      engine.tell(ids.get(i), i == 1 ? Phase.FAILED : Phase.SUCCEEDED, "", "");
      client.end(ids.get(i));
    }
    assertThat(engine.order().stream().filter(ids::contains))
        .containsExactly(ids.get(0), ids.get(1), ids.get(3), ids.get(4));
    assertThat(engine.mostAtOnce(ids)).isEqualTo(1);
  }

  @Test
  void aSlowEngineHoldsUpNoOtherRun() throws Exception {
    CountDownLatch looking = engine.hold("look");
    String slow = client.send(trigger("ingestion"));
    looking.await();
    engine.holdNoMoreNewcomers("look");
    String quick = client.send(trigger("ingestion"));
    client.awaitStatus(quick, "submitted");
    engine.succeed(quick);

    assertThat(client.end(quick)).containsEntry("status", "succeeded");
    assertThat(names(client.heard(slow))).containsExactly("accepted", "submitted");
    engine.letGo();
    engine.succeed(slow);
    client.end(slow);
  }

  private static boolean cancelIsNoted(String id) throws Exception {
    byte[] entry = stand.nats.keyValue("pipeline-runs").get("run." + id).getValue();
    return new String(entry, StandardCharsets.ISO_8859_1).contains("CANCELLED");
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
