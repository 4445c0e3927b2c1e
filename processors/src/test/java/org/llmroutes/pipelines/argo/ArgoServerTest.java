package org.llmroutes.pipelines.argo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.llmroutes.pipelines.argo.MockCluster.RUN;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.local.ai.JsonServer;
import org.llmroutes.pipelines.PipelineEngineContract;
import org.llmroutes.pipelines.PipelineRun;
import org.llmroutes.pipelines.RunState;
import org.llmroutes.pipelines.RunState.Phase;

/** What Kubernetes does not have any more, the Argo server may. */
class ArgoServerTest {
  private final MockCluster cluster = new MockCluster();
  private final Archive archive = new Archive();
  private PipelineRun run;

  private static final class Archive extends JsonServer {
    private volatile int status = 404;
    private volatile String body = "{\"code\": 5, \"message\": \"not found\"}";
    private volatile String authorization;
    private volatile String trace;

    Archive() {
      super(0);
      handle(
          "/api/v1/workflows/ai-ml/" + RUN.name(),
          (request, exchange) -> {
            authorization = exchange.getRequestHeaders().getFirst("authorization");
            trace = exchange.getRequestHeaders().getFirst("traceparent");
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
          });
    }

    /** Has the Workflow of the run, with this status. */
    void keeps(String workflowStatus) {
      String workflow = new KubernetesSerialization().asJson(WorkflowManifest.of(RUN));
      body = workflow.replaceFirst("\\{", "{\"status\":" + workflowStatus + ",");
      status = 200;
    }
  }

  @BeforeEach
  void start() {
    cluster.addTemplate(MockCluster.TEMPLATE);
    try (ArgoEngine engine = engine(Map.of())) {
      run =
          new PipelineRun(
              RUN.name(),
              RUN.requestId(),
              RUN.userId(),
              RUN.pipeline(),
              RUN.target(),
              Map.of(),
              engine.start(RUN).id());
    }
  }

  @AfterEach
  void close() {
    archive.close();
    cluster.close();
  }

  private ArgoEngine engine(Map<String, String> environment) {
    return new ArgoEngine(cluster.client(), environment);
  }

  private Optional<RunState> look(Map<String, String> environment) {
    try (ArgoEngine engine = engine(environment)) {
      return engine.look(run);
    }
  }

  private Map<String, String> server() {
    return Map.of("ARGO_SERVER_URL", archive.url() + "/");
  }

  @Test
  void oneThatWasCollectedIsAskedOfTheArchive() {
    cluster.workflows().delete();
    archive.keeps("{\"phase\": \"Succeeded\", \"progress\": \"2/2\"}");

    assertThat(look(server())).contains(new RunState(Phase.SUCCEEDED, "", "2/2"));
    assertThat(look(Map.of())).isEmpty();
    assertThat(archive.authorization).isNull();
  }

  @Test
  void theServerIsToldWhichTraceALookIsOf() {
    cluster.workflows().delete();

    String traceparent = PipelineEngineContract.inATrace(() -> look(server()));

    assertThat(archive.trace).isEqualTo(traceparent);
  }

  @Test
  void whatTheArchiveDoesNotHaveIsUnknown() {
    cluster.workflows().delete();

    assertThat(look(server())).isEmpty();
  }

  @Test
  void anotherRequestsWorkflowIsNotTaken() {
    cluster.workflows().delete();
    archive.keeps("{\"phase\": \"Succeeded\"}");
    archive.body = archive.body.replace("request-1", "request-2");

    assertThat(look(server())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 401, 403, 500})
  void anArgoServerThatDoesNotAnswerLeavesItOpen(int status) {
    cluster.workflows().delete();
    archive.status = status;
    archive.body = "<html>";

    assertThatExceptionOfType(TurnException.class)
        .isThrownBy(() -> look(server()))
        .withMessageStartingWith("The Argo server answered with ")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }

  @Test
  void tokensAreSentFromTheVariableOrTheFile(@TempDir Path folder) throws Exception {
    cluster.workflows().delete();
    Path file = Files.writeString(folder.resolve("token"), "of-the-file\n");

    look(Map.of("ARGO_SERVER_URL", archive.url(), "ARGO_TOKEN", "Bearer of-the-variable"));
    assertThat(archive.authorization).isEqualTo("Bearer of-the-variable");
    look(Map.of("ARGO_SERVER_URL", archive.url(), "ARGO_TOKEN_FILE", file.toString()));
    assertThat(archive.authorization).isEqualTo("Bearer of-the-file");
  }

  @Test
  void nodesThatAreInArgosDatabaseOnlyAreAskedFor() {
    cluster.change(
        RUN.name(),
        """
        {"status": {"phase": "Failed", "message": "child 'x' failed", "offloadNodeStatusVersion": "fnv:1"}}
        """);
    archive.keeps(
        """
        {"phase": "Failed", "message": "child 'x' failed",
          "nodes": {"x": {"displayName": "x", "phase": "Failed", "message": "No such bucket"}}}
        """);

    assertThat(look(server())).map(RunState::message).contains("x: No such bucket");
    assertThat(look(Map.of())).map(RunState::message).contains("child 'x' failed");
  }

  @Test
  void oneThatEndsAndIsCollectedWhileItIsWatchedIsKnown() {
    try (ArgoEngine engine = engine(Map.of())) {
      assertThat(engine.look(run)).map(RunState::progress).contains("");
      awaitWatched(engine);
      cluster.change(RUN.name(), "{\"status\": {\"phase\": \"Succeeded\"}}");
      cluster.workflows().delete();

      await().until(() -> cluster.workflows().list().getItems().isEmpty());
      await()
          .untilAsserted(
              () -> assertThat(engine.look(run)).map(RunState::phase).contains(Phase.SUCCEEDED));
    }
  }

  /** What changes before, the cluster of this test never tells, unlike a real one. */
  private void awaitWatched(ArgoEngine engine) {
    AtomicInteger steps = new AtomicInteger();
    await()
        .until(
            () -> {
              cluster.change(
                  RUN.name(),
                  "{\"status\": {\"phase\": \"Running\", \"progress\": \"%d/9\"}}"
                      .formatted(steps.incrementAndGet()));
              return !engine.look(run).orElseThrow().progress().isEmpty();
            });
  }
}
