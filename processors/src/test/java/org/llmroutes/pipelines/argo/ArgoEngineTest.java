package org.llmroutes.pipelines.argo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.local.Ports;
import org.llmroutes.pipelines.PipelineEngine;
import org.llmroutes.pipelines.PipelineEngineContract;
import org.llmroutes.pipelines.PipelineRun;
import org.llmroutes.pipelines.RunState;
import org.llmroutes.pipelines.RunState.Phase;
import org.llmroutes.pipelines.StartedRun;

class ArgoEngineTest extends PipelineEngineContract {
  private final MockCluster cluster = new MockCluster();

  ArgoEngineTest() {
    cluster.addTemplate(MockCluster.TEMPLATE);
  }

  @AfterEach
  void closeCluster() {
    cluster.close();
  }

  @Override
  protected Map<String, String> target() {
    return MockCluster.RUN.target();
  }

  @Override
  protected PipelineEngine instance() {
    return new ArgoEngine(cluster.client(), "https://argo.example/");
  }

  @Override
  protected PipelineEngine nowhere() {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + Ports.free(0))
            .withRequestRetryBackoffLimit(0)
            .build();
    return new ArgoEngine(new KubernetesClientBuilder().withConfig(config).build(), "");
  }

  @Override
  protected int runs() {
    return cluster.workflows().list().getItems().size();
  }

  @Override
  protected void move(PipelineRun run, Phase phase) {
    cluster.change(
        run.name(),
        switch (phase) {
          case PENDING -> "{\"status\":{\"phase\":\"Pending\"}}";
          case RUNNING -> "{\"status\":{\"phase\":\"Running\"}}";
          case SUCCEEDED -> "{\"status\":{\"phase\":\"Succeeded\"}}";
          case FAILED -> "{\"status\":{\"phase\":\"Failed\"}}";
          case STOPPED -> "{\"spec\":{\"shutdown\":\"Stop\"},\"status\":{\"phase\":\"Failed\"}}";
        });
  }

  @Override
  protected boolean askedToStop(PipelineRun run) {
    return "Terminate".equals(workflow().get("spec", "shutdown"));
  }

  @Override
  protected void delete(PipelineRun run) {
    cluster.workflows().withName(run.name()).delete();
  }

  private GenericKubernetesResource workflow() {
    return cluster.workflows().withName(run().name()).get();
  }

  @Test
  void theWorkflowIsMadeFromTheTemplateAndSaysWhoseItIs() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("source", "s3://docs/\"'}\n{{x}}");
    parameters.put("shards", 4L);
    parameters.put("force", true);
    parameters.put("metadata", Map.of("team", List.of("a", "b")));
    parameters.put("none", null);
    parameters.put("whole", 4.0);
    parameters.put("date", 2.0200219e7);
    parameters.put("big", new BigInteger("12345678901234567890"));
    parameters.put("rate", 2.0e-4);
    parameters.put("nested", Map.of("n", List.of(1e7)));

    assertThat(engine.start(run(parameters)))
        .isEqualTo(
            new StartedRun(
                "ingest-0a1b2c", "ai-ml", "https://argo.example/workflows/ai-ml/ingest-0a1b2c"));

    assertThat(workflow().getMetadata().getLabels())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("llm-routes/pipeline", "ingest", "llm-routes/request", "0a1b2c"));
    assertThat(workflow().getMetadata().getAnnotations())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("llm-routes/request-id", "request-1", "llm-routes/user-id", "ada"));
    assertThat(workflow().<Object>get("spec"))
        .isEqualTo(
            Map.of(
                "workflowTemplateRef",
                Map.of("name", "ingest-template"),
                "arguments",
                Map.of(
                    "parameters",
                    List.of(
                        Map.of("name", "source", "value", "s3://docs/\"'}\n{{x}}"),
                        Map.of("name", "shards", "value", "4"),
                        Map.of("name", "force", "value", "true"),
                        Map.of("name", "metadata", "value", "{\"team\":[\"a\",\"b\"]}"),
                        Map.of("name", "none", "value", "null"),
                        Map.of("name", "whole", "value", "4"),
                        Map.of("name", "date", "value", "20200219"),
                        Map.of("name", "big", "value", "12345678901234567890"),
                        Map.of("name", "rate", "value", "0.0002"),
                        Map.of("name", "nested", "value", "{\"n\":[10000000]}")))));
  }

  @Test
  void theWorkflowAndTheCallThatMakesItGoOnWithATrace() throws Exception {
    String trace;
    try (KubernetesClient client = cluster.client();
        PipelineEngine traced =
            new ArgoEngine(KubernetesAccess.client(client.getConfiguration()), "")) {
      trace = startedTraced(traced);
    }

    String traceparent = "00-" + trace + "-[0-9a-f]{16}-0[13]";
    assertThat(workflow().getMetadata().getAnnotations().get("llm-routes/traceparent"))
        .matches(traceparent);
    assertThat(cluster.creations())
        .singleElement()
        .satisfies(made -> assertThat(made.getHeader("traceparent")).matches(traceparent));
  }

  @Test
  void aTemplateThatIsMissingIsNamed() {
    PipelineRun run =
        new PipelineRun(
            "ingest-0a1b2c",
            "request-1",
            "ada",
            "ingest",
            Map.of("namespace", "ai-ml", "workflow_template", "nope"),
            Map.of(),
            "");
    fails(
        ErrorCode.REJECTED, "no WorkflowTemplate nope in namespace ai-ml", () -> engine.start(run));
    assertThat(runs()).isZero();
  }

  @Test
  void aRunIsFoundAgainAfterItsTemplateWasDeleted() {
    StartedRun started = engine.start(run());
    cluster.deleteTemplate(MockCluster.TEMPLATE);
    assertThat(engine.start(run())).isEqualTo(started);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "no claim"}]} | Unschedulable: no claim
          {"phase": "Pending", "initContainerStatuses": [{"state": {"waiting": {"reason": "PodInitializing"}}}], "containerStatuses": [{"state": {"waiting": {"reason": "ErrImagePull", "message": "no image"}}}]} | ErrImagePull: no image
          {"phase": "Pending"} | FailedMount: secret not found
          {"phase": "Running"} | ''
          """)
  void aPodThatTakesLongToStartIsLookedAt(String status, String obstacle) {
    PipelineRun run = started();
    cluster.addPod(status);
    cluster.addWarning("FailedMount", "secret not found");
    cluster.change(
        run.name(),
        """
        {"status": {"phase": "Running", "nodes": {"n": {"displayName": "n", "type": "Pod",
          "phase": "Pending", "message": "ContainerCreating", "startedAt": "2026-11-23T15:39:56Z"}}}}
        """);

    awaitState(run, new RunState(Phase.RUNNING, "", "", obstacle));
  }

  @Test
  void messageAndProgressAreArgosOwn() {
    PipelineRun run = started();
    cluster.change(
        run.name(),
        "{\"status\":{\"phase\":\"Running\",\"message\":\"waits\\n for it\",\"progress\":\"2/5\"}}");
    awaitState(run, new RunState(Phase.RUNNING, "waits for it", "2/5"));
  }
}
