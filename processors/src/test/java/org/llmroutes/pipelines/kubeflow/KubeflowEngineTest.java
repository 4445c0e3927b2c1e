package org.llmroutes.pipelines.kubeflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.local.Ports;
import org.llmroutes.pipelines.PipelineEngine;
import org.llmroutes.pipelines.PipelineEngineContract;
import org.llmroutes.pipelines.PipelineRun;
import org.llmroutes.pipelines.RunState.Phase;
import org.llmroutes.pipelines.StartedRun;

class KubeflowEngineTest extends PipelineEngineContract {
  private static final String HELLO = "c05c6b23-5027-463f-a5a4-3630c351ac76";
  private static final String FIRST_VERSION = "79753cb6-2b41-4545-941e-e2a5f86d0908";
  private static final String SECOND_VERSION = "661e7700-c0af-4b90-85b0-06a399eeabc0";

  private final FakeKfp kfp = new FakeKfp();
  private final Map<String, String> target =
      new HashMap<>(Map.of("pipeline", "hello", "experiment", "exp1", "version", ""));

  @AfterEach
  void closeServer() {
    kfp.close();
  }

  @Override
  protected Map<String, String> target() {
    return target;
  }

  @Override
  protected PipelineEngine instance() {
    return KubeflowEngine.of(
            Map.of("KFP_URL", kfp.url() + "/", "KFP_UI_URL", "https://kfp.example/"))
        .orElseThrow();
  }

  @Override
  protected PipelineEngine nowhere() {
    return KubeflowEngine.of(Map.of("KFP_URL", "http://127.0.0.1:" + Ports.free(0))).orElseThrow();
  }

  @Override
  protected int runs() {
    return kfp.runs.size();
  }

  @Override
  protected void move(PipelineRun run, Phase phase) {
    if (phase == Phase.STOPPED) {
      kfp.move(run.name(), "CANCELING");
      kfp.move(run.name(), "FAILED");
    } else {
      kfp.move(run.name(), phase.name());
    }
  }

  @Override
  protected boolean askedToStop(PipelineRun run) {
    return kfp.requests.contains("POST /runs/run-0:terminate");
  }

  @Override
  protected void delete(PipelineRun run) {
    kfp.runs.clear();
  }

  private void startFails(ErrorCode code, String message) {
    fails(code, message, () -> engine.start(run()));
  }

  private JsonNode versionOfRun() {
    engine.start(run());
    return kfp.runs.get(0).at("/pipeline_version_reference/pipeline_version_id");
  }

  @Test
  void theRunHasTypedParametersAndSaysWhoseItIs() {
    assertThat(engine.start(run(Map.of("who", "\"{{x}}", "code", 3L))))
        .isEqualTo(new StartedRun("run-0", "", "https://kfp.example/#/runs/details/run-0"));

    JsonNode run = kfp.runs.get(0);
    assertThat(run.path("display_name").asText()).isEqualTo("ingest-0a1b2c");
    assertThat(run.path("description").asText())
        .isEqualTo("{\"request_id\":\"request-1\",\"user_id\":\"ada\"}");
    assertThat(run.path("experiment_id")).isEqualTo(FakeKfp.recorded("exp").path("experiment_id"));
    assertThat(run.at("/pipeline_version_reference/pipeline_id").asText()).isEqualTo(HELLO);
    assertThat(run.at("/runtime_config/parameters/who").asText()).isEqualTo("\"{{x}}");
    assertThat(run.at("/runtime_config/parameters/code").isNumber()).isTrue();
  }

  @Test
  void theRunGoesOnWithATrace() {
    String trace = startedTraced(engine);

    assertThat(kfp.runs.get(0).path("description").asText())
        .matches(
            "\\{\"request_id\":\"request-1\",\"user_id\":\"ada\",\"traceparent\":\"00-"
                + trace
                + "-[0-9a-f]{16}-0[13]\"}");
    assertThat(kfp.traces)
        .hasSameSizeAs(kfp.requests)
        .allSatisfy(seen -> assertThat(seen).contains(trace));
  }

  /** Hours of looks would hide what else is in the trace. */
  @Test
  void aLookIsOfATraceAndHasNoSpanInIt() {
    PipelineRun run = started();

    String traceparent = inATrace(() -> engine.look(run));

    assertThat(kfp.traces).isNotEmpty().containsOnly(traceparent);
  }

  @ParameterizedTest
  @CsvSource({
    "'', " + SECOND_VERSION,
    "hello, " + FIRST_VERSION,
    "hello-v2, " + SECOND_VERSION,
    FIRST_VERSION + ", " + FIRST_VERSION,
  })
  void aVersionIsTheNewestOrTheOneThatIsNamed(String version, String expected) {
    kfp.versions.add(FakeKfp.recorded("upload-version"));
    target.put("version", version);
    assertThat(versionOfRun().asText()).isEqualTo(expected);
  }

  @Test
  void whatIsMissingIsNamed() {
    target.put("version", "v9");
    startFails(ErrorCode.REJECTED, "no version v9 of pipeline hello");
    target.remove("version");
    kfp.versions.clear();
    startFails(ErrorCode.REJECTED, "no version of pipeline hello");
    target.put("pipeline", "nope");
    startFails(ErrorCode.REJECTED, "no pipeline nope");
    assertThat(kfp.requests).noneMatch(request -> request.startsWith("POST"));
  }

  @Test
  void aMissingExperimentIsCreated() {
    target.put("experiment", "new");
    engine.start(run());
    assertThat(kfp.experiments.get(1).path("display_name").asText()).isEqualTo("new");
    assertThat(kfp.runs.get(0).path("experiment_id").asText()).isEqualTo("exp-1");
  }

  @Test
  void anExperimentThatAnotherCreatesMeanwhileIsUsed() {
    // not seen at first, refused when it is created, found then
    kfp.failing("GET /experiments", 200, "{}");
    engine.start(run());
    assertThat(kfp.experiments).hasSize(1);
    assertThat(kfp.requests).contains("POST /experiments");
    assertThat(kfp.runs.get(0).path("experiment_id"))
        .isEqualTo(kfp.experiments.get(0).path("experiment_id"));
  }

  @Test
  void aNamespaceHasItsOwnExperimentsAndUsesSharedPipelines() {
    target.put("namespace", "team");
    target.put("experiment", "of-the-team");
    StartedRun started = engine.start(run());
    assertThat(started.namespace()).isEqualTo("team");
    assertThat(kfp.experiments.get(1).path("namespace").asText()).isEqualTo("team");

    ObjectNode own = kfp.pipelines.get(0).deepCopy();
    kfp.pipelines.add(own.put("namespace", "team").put("pipeline_id", "own"));
    kfp.runs.clear();
    engine.start(run());
    assertThat(kfp.runs.get(0).at("/pipeline_version_reference/pipeline_id").asText())
        .isEqualTo("own");
  }

  @Test
  void ofTwoRunsTheOlderCounts() {
    engine.start(run());
    kfp.runs.add(kfp.runs.get(0).deepCopy().put("run_id", "run-1"));
    assertThat(engine.start(run()).id()).isEqualTo("run-0");
    engine.stop(run());
    assertThat(kfp.requests).contains("POST /runs/run-0:terminate");
  }

  @Test
  void aSecondRunOfTheRequestIsEndedWheneverItAppears() {
    PipelineRun run = started();
    kfp.runs.add(kfp.runs.get(0).deepCopy().put("run_id", "run-1"));
    kfp.runs.add(kfp.runs.get(0).deepCopy().put("run_id", "run-2").put("description", "else's"));

    try (PipelineEngine another = instance()) {
      assertThat(another.look(run)).isPresent();
      another.look(run);
    }

    assertThat(kfp.requests)
        .filteredOn(request -> request.endsWith(":terminate"))
        .containsExactly("POST /runs/run-1:terminate");
  }

  @Test
  void aLoginIsToldAsSuch() {
    kfp.failing("GET /experiments", 200, "<!doctype html><title>Log in</title>");
    startFails(ErrorCode.UNAVAILABLE, "wants a login");
    kfp.failing("GET /pipelines", 404, "<html>default backend");
    startFails(ErrorCode.UNAVAILABLE, "HTTP 404: a web page");
    kfp.redirecting("GET /experiments", "/dex/auth?client_id=kubeflow");
    startFails(ErrorCode.UNAVAILABLE, "HTTP 302: a redirect to /dex/auth?client_id=kubeflow");
  }

  @Test
  void whatTheServerSaysOfAFailureIsHandedOn() {
    kfp.failing("POST /runs", 500, FakeKfp.recorded("err-bad-version").toString());
    startFails(ErrorCode.UNAVAILABLE, "HTTP 500: Failed to create a new run: InternalServerError");
    kfp.failing("POST /runs", 503, "upstream connect error");
    startFails(ErrorCode.UNAVAILABLE, "HTTP 503: upstream connect error");
    kfp.failing("POST /runs", 403, "RBAC: access denied");
    startFails(ErrorCode.REJECTED, "start the run: RBAC: access denied");
  }

  @Test
  void aRunOfThatNameInAnotherExperimentIsAnother() {
    engine.start(run());
    target.put("experiment", "new");
    assertThat(engine.start(run()).id()).isEqualTo("run-1");
  }

  @ParameterizedTest
  @CsvSource({
    "err-unknown-param, 'not required by pipeline: bogus'",
    "err-wrong-type, 'code requires type double or integer'",
    "err-missing-required, 'seconds is not optional'",
    "err-bad-json, 'invalid character'",
  })
  void whatTheServerRefusesIsSaidInItsWords(String recording, String words) {
    kfp.failing("POST /runs", 400, FakeKfp.recorded(recording).toString());
    startFails(ErrorCode.REJECTED, "Kubeflow Pipelines refused the run: ");
    kfp.failing("POST /runs", 400, FakeKfp.recorded(recording).toString());
    startFails(ErrorCode.REJECTED, words);
  }

  @Test
  void aWrongParameterIsRefused() {
    fails(ErrorCode.REJECTED, "bogus", () -> engine.start(run(Map.of("bogus", 1L))));
    fails(ErrorCode.REJECTED, "not of number", () -> engine.start(run(Map.of("code", "three"))));
  }

  @ParameterizedTest
  @CsvSource({
    "403, REJECTED, does not let the bridge start",
    "302, UNAVAILABLE, HTTP 302",
    "401, UNAVAILABLE, HTTP 401",
    "429, UNAVAILABLE, HTTP 429",
    "500, UNAVAILABLE, HTTP 500",
    "503, UNAVAILABLE, HTTP 503",
    "200, UNAVAILABLE, no JSON",
  })
  void aServerThatDoesNotStart(int status, ErrorCode code, String message) {
    for (String request : List.of("GET /experiments", "GET /pipelines", "POST /runs")) {
      kfp.failing(request, status, "<html>");
      startFails(code, message);
    }
    engine.start(run());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 500})
  void aRunThatMayNotBeReadIsNotGone(int status) {
    PipelineRun run = started();
    kfp.failing("GET /runs", status, "{}");
    fails(ErrorCode.UNAVAILABLE, "HTTP " + status, () -> engine.look(run));
    kfp.failing("GET /runs", status, "{}");
    fails(ErrorCode.UNAVAILABLE, "HTTP " + status, () -> engine.stop(run));
  }

  @Test
  void aStopThatIsRefused() {
    PipelineRun run = started();
    kfp.failing("POST /runs/run-0:terminate", 403, "{}");
    fails(ErrorCode.UNAVAILABLE, "HTTP 403", () -> engine.stop(run));
  }

  @Test
  void aRunThatGoesWhileItIsStopped() {
    PipelineRun run = started();
    kfp.failing("POST /runs/run-0:terminate", 404, FakeKfp.recorded("err-unknown-run").toString());
    engine.stop(run);
  }

  @Test
  void thereIsOneInAClusterOrWhereItIsNamed() {
    assertThat(KubeflowEngine.of(Map.of())).isEmpty();
    assertThat(KubeflowEngine.of(Map.of("KUBERNETES_SERVICE_HOST", "127.0.0.1"))).isPresent();
  }

  @Test
  void aTokenIsReadAgainWhenItIsReplaced(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "first\n");
    try (PipelineEngine guarded =
        KubeflowEngine.of(Map.of("KFP_URL", kfp.url(), "KFP_TOKEN_FILE", file.toString()))
            .orElseThrow()) {
      PipelineRun run = started(guarded, run());
      assertThat(kfp.authorizations).containsOnly("Bearer first");
      kfp.authorizations.clear();
      Files.writeString(file, "second\n");
      guarded.look(run);
      assertThat(kfp.authorizations).containsExactly("Bearer second");
      Files.delete(file);
      fails(ErrorCode.UNAVAILABLE, "KFP_TOKEN_FILE", () -> guarded.look(run));
    }
  }

  @Test
  void withoutATokenNoneIsSent() {
    engine.start(run());
    assertThat(kfp.authorizations).containsOnly("null");
  }
}
