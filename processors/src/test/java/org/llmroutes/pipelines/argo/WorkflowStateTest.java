package org.llmroutes.pipelines.argo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.pipelines.RunState;
import org.llmroutes.pipelines.RunState.Phase;

class WorkflowStateTest {
  private static final KubernetesSerialization READER = new KubernetesSerialization();

  private static RunState state(String workflow) {
    return WorkflowState.of(READER.unmarshal(workflow, GenericKubernetesResource.class));
  }

  private static RunState failed(String message, String nodes) {
    return state(
        """
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow",
         "status": {"phase": "Failed", "progress": "1/3", "message": "%s", "nodes": {%s}}}
        """
            .formatted(message, nodes));
  }

  private static String node(String id, String name, String phase, String message, String time) {
    return """
           "%s": {"displayName": "%s", "phase": "%s", "message": "%s", "finishedAt": "%s"}
           """
        .formatted(id, name, phase, message, time);
  }

  /** Recorded from a controller of Argo 4.1. */
  @Test
  void aRealOneThatSucceeded() throws IOException {
    try (InputStream file = getClass().getResourceAsStream("/argo/workflow-dag-succeeded.json")) {
      assertThat(WorkflowState.of(READER.unmarshal(file, GenericKubernetesResource.class)))
          .isEqualTo(new RunState(Phase.SUCCEEDED, "", "2/2"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', PENDING",
    "'', Terminate, PENDING",
    "Pending, '', PENDING",
    "Running, '', RUNNING",
    "Running, Terminate, RUNNING",
    "Succeeded, '', SUCCEEDED",
    "Succeeded, Stop, SUCCEEDED",
    "Failed, '', FAILED",
    "Error, '', FAILED",
    "Failed, Stop, STOPPED",
    "Failed, Terminate, STOPPED",
    "Error, Terminate, STOPPED",
  })
  void phases(String phase, String shutdown, Phase expected) {
    assertThat(
            state(
                """
                {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow",
                 "spec": {"shutdown": "%s"}, "status": {"phase": "%s", "message": "because"}}
                """
                    .formatted(shutdown, phase)))
        .isEqualTo(new RunState(expected, "because", ""));
  }

  @Test
  void aNewOneHasNoStatusAtAll() {
    assertThat(
            state(
                "{\"apiVersion\": \"argoproj.io/v1alpha1\", \"kind\": \"Workflow\", \"spec\": {}}"))
        .isEqualTo(new RunState(Phase.PENDING, "", ""));
  }

  @Test
  void theNodeThatFailedFirstSaysWhy() {
    String nodes =
        String.join(
            ",",
            node("w", "w", "Failed", "child 'w-2' failed", "2026-11-23T15:40:09Z"),
            node("w-1", "parse", "Succeeded", "", "2026-11-23T15:40:01Z"),
            node("w-2", "embed", "Failed", "No more retries left", "2026-11-23T15:40:03Z"),
            node("w-4", "clean", "Error", "pod deleted", "2026-11-23T15:40:08Z"),
            node("w-3", "embed(1)", "Failed", "Error (exit code 1)", "2026-11-23T15:40:03Z"));
    assertThat(failed("child 'w-2' failed", nodes).message())
        .isEqualTo("embed(1): Error (exit code 1)");
    assertThat(failed("", nodes).message()).isEqualTo("embed(1): Error (exit code 1)");
  }

  @Test
  void whatSaysEnoughIsKept() {
    String nodes = node("w-3", "embed", "Failed", "Error (exit code 1)", "2026-11-23T15:40:03Z");
    assertThat(failed("Max duration limit exceeded", nodes).message())
        .isEqualTo("Max duration limit exceeded");
    assertThat(failed("child 'w-3' failed", "").message()).isEqualTo("child 'w-3' failed");
  }

  @Test
  void whatTheCommandSaidIsTold() {
    assertThat(
            failed(
                    "child 'w-3' failed",
                    node("w-3", "ingest", "Failed", "Error (exit code 2): There is no file", ""))
                .message())
        .isEqualTo("ingest: Error (exit code 2): There is no file");
  }

  @Test
  void whatTheStepsDidIsToldOnce() {
    String step =
        """
        "%1$s": {"displayName": "%1$s", "type": "%2$s", "phase": "%3$s", "finishedAt": "2026-11-23T15:40:0%4$dZ",
          "outputs": {"exitCode": "0", "parameters": [{"name": "other", "value": "x"}, {"name": "summary", "value": "%5$s"}]}}
        """;
    String nodes =
        String.join(
            ",",
            step.formatted("w", "DAG", "Succeeded", 5, "not a step"),
            step.formatted("s(1)", "Retry", "Succeeded", 3, "1 document new"),
            step.formatted("s(1)(0)", "Pod", "Failed", 1, "failed first"),
            step.formatted("s(1)(1)", "Pod", "Succeeded", 3, "1 document new"),
            step.formatted("s(2)(0)", "Pod", "Succeeded", 2, "2 documents new, 1 left out: a.pdf"));

    assertThat(succeeded("\"nodes\": {" + nodes + "}").message())
        .isEqualTo("2 documents new, 1 left out: a.pdf; 1 document new");
  }

  private static RunState succeeded(String status) {
    return state(
        """
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "status": {"phase": "Succeeded", %s}}
        """
            .formatted(status));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Unschedulable: 0/3 nodes are available | ingest: Unschedulable: 0/3 nodes are available
          ImagePullBackOff: Back-off pulling image | ingest: ImagePullBackOff: Back-off pulling image
          ErrImagePull | ingest: ErrImagePull
          CreateContainerConfigError: secret "x" not found | ingest: CreateContainerConfigError: secret "x" not found
          ContainerCreating | ''
          PodInitializing | ''
          '' | ''
          """)
  void whatKeepsAPodFromStartingIsTold(String message, String obstacle) {
    String nodes =
        node("w", "w", "Running", "", "")
            + ","
            + node("w-1", "ingest", "Pending", message.replace("\"", "\\\""), "");
    RunState state =
        state(
            """
            {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow",
             "status": {"phase": "Running", "progress": "0/1", "nodes": {%s}}}
            """
                .formatted(nodes));

    assertThat(state).isEqualTo(new RunState(Phase.RUNNING, "", "0/1", obstacle));
  }

  /** As Argo does with many nodes. */
  @Test
  void compressedNodesAreRead() throws IOException {
    String nodes =
        "{"
            + node("w-3", "embed", "Failed", "OOMKilled (exit code 137)", "2026-11-23T15:40:03Z")
            + "}";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(nodes.getBytes(StandardCharsets.UTF_8));
    }
    String compressed = Base64.getEncoder().encodeToString(bytes.toByteArray());

    assertThat(compressed(compressed).message()).isEqualTo("embed: OOMKilled (exit code 137)");
    assertThat(compressed("H4sIAAAA").message()).isEqualTo("child 'w-3' failed");
  }

  private static RunState compressed(String nodes) {
    return state(
        """
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow",
         "status": {"phase": "Failed", "message": "child 'w-3' failed", "compressedNodes": "%s"}}
        """
            .formatted(nodes));
  }

  @Test
  void aLongMessageIsOneShortLine() {
    assertThat(failed("a\\n\\tb" + "x".repeat(5000), "").message())
        .startsWith("a bxxx")
        .endsWith("x…")
        .hasSize(500);
  }
}
