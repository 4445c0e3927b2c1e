package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.llmroutes.tests.PipelineClient.names;
import static org.llmroutes.tests.PipelineClient.trigger;

import io.nats.client.api.KeyValueEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.platform.Platform;
import org.llmroutes.telemetry.SpanView;
import org.llmroutes.telemetry.Tracing;

/** Instances share runs, and go on with those of one that is gone. */
class PipelineTakeoverTest {
  private final PipelineStand stand = new PipelineStand(PipelineTest.CATALOGUE);
  private final ScriptedEngine engine = stand.engine;
  private PipelineClient client;

  @BeforeEach
  void listen() throws Exception {
    stand.ackWait(Duration.ofMillis(500));
    client = new PipelineClient(stand.nats);
  }

  @AfterEach
  void close() {
    client.close();
    stand.close();
  }

  @Test
  void aRunComesToItsEndWhereverTheInstanceIsCutOff() {
    engine.runsByItself();
    int writes = 0;
    while (!endsUncut(trigger("ingestion"), writes)) {
      writes++;
    }
    // accepted, submitted, running and succeeded are written, told and noted as told
    assertThat(writes).isGreaterThan(12);
  }

  @Test
  void aRefusedStartIsToldAndKeptWhereverTheInstanceIsCutOff() {
    engine.fail(ErrorCode.REJECTED, "There is no such template");
    int writes = 4; // up to there it is accepted as any other
    try (DeadLetters letters = new DeadLetters(stand.nats, "pipeline")) {
      while (!endsUncut(trigger("ingestion"), writes)) {
        assertThat(letters.next().getHeaders().getFirst("Dlq-Reason")).contains("template");
        assertThat(letters.waiting()).isFalse();
        writes++;
      }
    }
    assertThat(writes).isGreaterThan(8);
  }

  @Test
  void whatOnlyOneCatalogueHasIsRunByItsInstanceAndWhatNoneHasIsRefused() throws Exception {
    stand.instance();
    Path newer = stand.data.resolve("newer.yaml");
    Files.writeString(newer, PipelineTest.CATALOGUE.replace("  single:", "  brand-new:"));
    stand.environment.put("PIPELINES_FILE", newer.toString());
    stand.instance();
    await().until(() -> catalogues() == 2);
    engine.runsByItself();

    for (String pipeline : List.of("brand-new", "single", "brand-new", "single")) {
      assertThat(client.end(client.send(trigger(pipeline)))).containsEntry("status", "succeeded");
    }
    assertThat(client.end(client.send(trigger("unheard-of"))))
        .containsEntry("status", "rejected")
        .extracting("message")
        .asString()
        .contains("There is no pipeline unheard-of");
  }

  private int catalogues() throws Exception {
    KeyValueEntry known = stand.nats.keyValue("pipeline-runs").get("catalogues");
    return known == null ? 0 : new MsgpackCodec().decodeMap(known.getValue()).size();
  }

  /** Whether the run came to its end on an instance that is cut off after so many writes. */
  private boolean endsUncut(Map<String, Object> trigger, int writes) {
    Cable cable = stand.cable();
    Platform first = stand.instance(cable);
    cable.cutAfter(writes);
    String id = client.send(trigger);
    await().until(() -> cable.isCut() || client.isEnded(id));
    boolean uncut = !cable.isCut();
    Platform last = uncut ? first : stand.instance();
    List<Map<String, Object>> told = client.statuses(id);
    assertThat(client.heard(id)).as("after %d writes", writes).isEqualTo(told);
    assertThat(engine.order().stream().filter(id::equals).count()).isLessThanOrEqualTo(1);
    stand.awaitTriggersGone();
    last.close();
    return uncut;
  }

  /** A run whose instance hangs in its start, cut off; another instance is there. Its request. */
  private String hungStart(Cable cable) throws InterruptedException {
    stand.instance(cable);
    CountDownLatch starting = engine.hold("before start");
    String id = client.send(trigger("ingestion"));
    starting.await();
    cable.cut();
    engine.holdNoMoreNewcomers("before start");
    stand.instance();
    return id;
  }

  @Test
  void anInstanceThatHungWhileItStartedARunDoesNoHarmLater() throws Exception {
    Cable cable = stand.cable();
    String id = hungStart(cable);
    client.awaitStatus(id, "submitted");
    engine.succeed(id);
    List<Map<String, Object>> told = client.statuses(id);
    cable.mend();
    engine.letGo();
    String later = client.send(trigger("ingestion"));
    client.awaitStatus(later, "submitted");
    engine.succeed(later);

    client.end(later);
    assertThat(names(told)).containsExactly("accepted", "submitted", "succeeded");
    assertThat(client.stored(id)).isEqualTo(told);
    assertThat(engine.order()).containsExactly(id, later);
  }

  @Test
  void aRunThatIsStartedAfterItsEntryWasEndedElsewhereIsStopped() throws Exception {
    Cable cable = stand.cable();
    String id = hungStart(cable);
    // an instance that has just started may not listen for cancels yet
    await()
        .until(
            () -> {
              client.cancel(id);
              return client.isEnded(id);
            });
    assertThat(names(client.statuses(id))).containsExactly("accepted", "cancelled");
    assertThat(engine.run(id)).isNull();
    engine.letGo();
    await().until(() -> engine.run(id) != null);
    cable.mend();

    await().until(() -> engine.stopped(id));
    assertThat(client.heard(id)).isEqualTo(client.stored(id)).hasSize(2);
  }

  @Test
  void theTraceOfARunHasItWholeThoughItsInstanceWasCutOff() {
    stand.environment.put("TELEMETRY_LOCAL", "true");
    Cable cable = stand.cable();
    stand.instance(cable);
    String id = client.send(trigger("ingestion"));
    client.awaitStatus(id, "submitted");
    cable.cut();
    stand.instance();
    engine.succeed(id);
    Map<String, Object> end = client.end(id);

    List<SpanView> runs =
        await().until(() -> spans(id, "run"), spans -> spans.stream().anyMatch(SpanView::ended));

    assertThat(runs).hasSize(1);
    assertThat(runs.get(0).attributes())
        .containsEntry("llm_routes.status", "succeeded")
        .containsEntry("llm_routes.run.id", engine.run(id).name());
    assertThat(runs.get(0).parentId()).isEqualTo(spans(id, "start run").get(0).parentId());
    assertThat(Duration.ofNanos(runs.get(0).durationNanos()))
        .isEqualTo(Duration.between(at(client.statuses(id).get(1)), at(end)));
  }

  private static List<SpanView> spans(String requestId, String name) {
    return Tracing.find(requestId).orElseThrow().stream()
        .filter(span -> name.equals(span.name()))
        .toList();
  }

  private static Instant at(Map<String, Object> status) {
    return Instant.parse((String) status.get("timestamp"));
  }

  @Test
  void twoInstancesKeepLimitAndOrder() {
    Platform first = stand.instance();
    stand.instance();
    List<String> ids = Stream.generate(() -> client.send(trigger("single"))).limit(12).toList();
    for (int i = 0; i < ids.size(); i++) {
      client.awaitStatus(ids.get(i), "submitted");
      if (i == 5) {
        first.close();
      }
      engine.succeed(ids.get(i));
    }

    for (String id : ids) {
      assertThat(names(client.statuses(id))).containsExactly("accepted", "submitted", "succeeded");
      assertThat(client.heard(id)).isEqualTo(client.stored(id));
    }
    assertThat(engine.order()).isEqualTo(ids);
    assertThat(engine.mostAtOnce(ids)).isEqualTo(1);
  }

  @Test
  void aRestartOfNatsIsSurvived() {
    stand.instance();
    String running = client.send(trigger("single"));
    client.awaitStatus(running, "submitted");
    String waiting = client.send(trigger("single"));
    client.awaitStatus(waiting, "accepted");
    stand.natsServer.kill();
    stand.natsServer.start();
    engine.succeed(running);
    client.awaitStored(waiting, "submitted");
    String later = client.send(trigger("ingestion"));
    client.awaitStored(later, "submitted");
    engine.succeed(waiting);
    engine.succeed(later);

    for (String id : List.of(running, waiting, later)) {
      client.awaitStored(id, "succeeded");
      assertThat(names(client.stored(id))).containsExactly("accepted", "submitted", "succeeded");
    }
  }
}
