package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.pipelines.RunState.Phase;
import org.llmroutes.tests.ProductCommand.Result;

/** {@code pipeline} as a process of its own. */
class PipelineCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static PipelineStand stand;
  private static ScriptedEngine engine;

  @TempDir private Path folder;
  private final String id = UUID.randomUUID().toString();
  private ProductCommand command;

  @BeforeAll
  static void start() {
    stand = new PipelineStand(PipelineTest.CATALOGUE);
    engine = stand.engine;
    stand.instance();
  }

  @AfterAll
  static void stop() {
    stand.close();
  }

  @BeforeEach
  void commandLine() {
    command = new ProductCommand(folder, stand.environment, Map.of());
  }

  @Test
  void runFollowsToTheEndWithALineForEachChange() throws Exception {
    Process process =
        run("ingestion", "-p", "source=12", "-p", "shards=3", "-p", "options={\"a\": [1]}");
    await().until(() -> engine.run(id) != null);
    engine.tell(id, Phase.RUNNING, "", "1/2");
    await().until(() -> Files.readString(command.output()).contains("1/2"));
    engine.tell(id, Phase.SUCCEEDED, "", "2/2");

    Result result = command.result(process);
    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output().lines().filter(line -> line.contains("Z  ")))
        .extracting(line -> line.replaceFirst(".*Z  (\\w+).*", "$1"))
        .containsExactly("accepted", "submitted", "running", "succeeded");
    assertThat(engine.run(id).parameters())
        .containsEntry("source", "12")
        .containsEntry("shards", 3L)
        .containsEntry("options", Map.of("a", List.of(1L)));
    assertThat(engine.run(id).userId()).isEqualTo("local");
  }

  @Test
  void runFailsWhereTheRunFailsOrIsRefused() throws Exception {
    Process process = run("ingestion", "-p", "source=x", "--json");
    await().until(() -> engine.run(id) != null);
    engine.tell(id, Phase.FAILED, "\u001b[2Jexit code 1", "");

    Result result = command.result(process);
    assertThat(result.exit()).isEqualTo(1);
    List<String> lines = result.output().lines().filter(line -> line.startsWith("{")).toList();
    assertThat(lines).hasSize(3);
    assertThat(JSON.readTree(lines.get(2)).path("error").path("code").asText())
        .isEqualTo("run_failed");
    assertThat(result.output()).doesNotContain("\u001b");

    Result unknown = command.run("pipeline", "run", "unheard-of");
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.output()).contains("There is no pipeline unheard-of").contains("ingestion");
  }

  @Test
  void whatCannotBeMeantIsWrongUse() throws Exception {
    Result result = command.run("pipeline", "run", "ingestion", "-p", "shards=many");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.output()).contains("shards must be integer");
    assertThat(command.run("pipeline", "run", "single", "--request-id", "a.b").exit()).isEqualTo(2);
  }

  @Test
  void interruptedItCancelsAndWaitsForTheEnd() throws Exception {
    engine.stopsAtOnce(false);
    Process process = run("ingestion", "-p", "source=x");
    await().until(() -> Files.readString(command.output()).contains("submitted"));
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    await().until(() -> engine.stopped(id));
    assertThat(process.isAlive()).isTrue();
    engine.tell(id, Phase.STOPPED, "", "");

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(Files.readString(command.output())).contains("cancelled");
    engine.stopsAtOnce(true);
  }

  @Test
  void aRunThatIsLeftAloneCanBeLookedAtAndCancelled() throws Exception {
    Result detached =
        command.run(
            "pipeline", "run", "ingestion", "-p", "source=x", "--detach", "--request-id", id);
    assertThat(detached.exit()).isZero();
    assertThat(detached.output()).contains(id);
    await().until(() -> engine.run(id) != null);

    await().until(() -> command.run("pipeline", "status", id).output().contains("  submitted"));
    assertThat(command.run("pipeline", "list", "--runs").output())
        .contains(id)
        .contains("REQUEST_ID");
    assertThat(command.run("pipeline", "status", id).output())
        .contains("  argo  " + engine.run(id).name());
    engine.stopsAtOnce(false);
    Result asked = command.run("pipeline", "cancel", id, "--wait", "1");
    assertThat(asked.exit()).isZero();
    assertThat(asked.output())
        .contains(engine.run(id).name() + " on argo is asked to stop and has not stopped yet");
    engine.tell(id, Phase.STOPPED, "", "");
    await().until(() -> command.run("pipeline", "cancel", id).output().contains("already stopped"));
    engine.stopsAtOnce(true);
    Result followed = command.run("pipeline", "status", id, "--follow");
    assertThat(followed.exit()).isEqualTo(130);
    assertThat(followed.output()).contains("accepted", "submitted", "cancelled");
    assertThat(command.run("pipeline", "status", "nobodys").exit()).isEqualTo(1);
    Result unknown = command.run("pipeline", "cancel", "nobodys");
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.output()).contains("No run of nobodys is known");
  }

  @Test
  void aCancelSaysThatTheRunHasStopped() throws Exception {
    run("ingestion", "-p", "source=x", "--detach").waitFor();
    await().until(() -> command.run("pipeline", "status", id).output().contains("  submitted"));

    Result stopped = command.run("pipeline", "cancel", id, "--wait", "30");

    assertThat(stopped.exit()).isZero();
    assertThat(stopped.output()).contains(" on argo has stopped: Cancelled");
  }

  @Test
  void aReplayedDeadLetterRunsAsIfItHadNeverBeenRejected() throws Exception {
    engine.fail(ErrorCode.REJECTED, "There is no WorkflowTemplate ingestion");
    try (DeadLetters letters = new DeadLetters(stand.nats, "pipeline");
        PipelineClient client = new PipelineClient(stand.nats)) {
      Map<String, Object> trigger = PipelineClient.trigger("ingestion");
      String rejected = client.send(trigger);
      assertThat(client.end(rejected)).containsEntry("status", "rejected");
      String letter = Long.toString(letters.next().metaData().streamSequence());
      await().until(() -> command.run("dlq", "replay", letter).output().contains("replayed"));
      Message next = letters.next();
      assertThat(next.getData()).isEqualTo(Client.pack(trigger));
      engine.fail(null, null);
      await().until(() -> client.stored(rejected).size() == 2);

      Result again = command.run("dlq", "replay", Long.toString(next.metaData().streamSequence()));

      assertThat(again.output()).contains("1 replayed, 0 not");
      await().until(() -> engine.run(rejected) != null);
      engine.succeed(rejected);
      client.awaitStored(rejected, "succeeded");
      assertThat(PipelineClient.names(client.statuses(rejected)))
          .containsExactly("accepted", "submitted", "succeeded");
      assertThat(letters.waiting()).isFalse();
    }
  }

  @Test
  void listsTheCatalogue() throws Exception {
    Result result = command.run("pipeline", "list");

    assertThat(result.exit()).isZero();
    assertThat(result.output())
        .contains("ingestion  For tests")
        .contains("engines: kubeflow, argo")
        .contains("-p source=…  (string, required)")
        .contains("-p collection=…  (string, default \"documents\")");
  }

  private Process run(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("pipeline", "run"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--request-id", id));
    return command.start(all.toArray(String[]::new));
  }
}
