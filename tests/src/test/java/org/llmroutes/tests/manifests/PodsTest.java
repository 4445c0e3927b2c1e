package org.llmroutes.tests.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No pod can do more than it needs, and each is watched and bounded. */
class PodsTest {

  /** Where kinds have the specification of pods that serve. */
  private static final Map<String, String> SERVING =
      Map.of(
          "Deployment", "/spec/template/spec",
          "StatefulSet", "/spec/template/spec",
          "InferenceService", "/spec/predictor");

  /**
   * A container with what holds for its pod.
   *
   * @param name of its owner and itself
   */
  private record Container(String name, JsonNode pod, JsonNode container, boolean serves) {
    @Override
    public String toString() {
      return name;
    }

    /** Of the container, else of the pod. */
    JsonNode security(String field) {
      JsonNode own = container.path("securityContext").path(field);
      return own.isMissingNode() ? pod.path("securityContext").path(field) : own;
    }
  }

  static List<Container> containers() {
    List<Container> containers = new ArrayList<>();
    for (JsonNode document : Rendered.everything()) {
      String kind = document.path("kind").asText();
      if (SERVING.containsKey(kind)) {
        JsonNode pod = document.at(SERVING.get(kind));
        add(containers, document, pod, pod.path("containers"), true);
        add(containers, document, pod, pod.path("initContainers"), false);
      } else if ("WorkflowTemplate".equals(kind)) {
        for (JsonNode template : document.at("/spec/templates")) {
          if (template.has("container")) {
            String name = Rendered.name(document) + " " + template.path("name").asText();
            JsonNode pod = document.at("/spec");
            containers.add(new Container(name, pod, template.path("container"), false));
          }
        }
      }
    }
    return containers;
  }

  private static void add(
      List<Container> containers, JsonNode owner, JsonNode pod, JsonNode found, boolean serves) {
    for (JsonNode container : found) {
      String name = Rendered.name(owner) + " " + container.path("name").asText();
      containers.add(new Container(name, pod, container, serves));
    }
  }

  @ParameterizedTest
  @MethodSource("containers")
  void aContainerMayNothingThatItDoesNotNeed(Container container) {
    assertThat(container.container().at("/securityContext/readOnlyRootFilesystem").asBoolean())
        .isTrue();
    assertThat(container.container().at("/securityContext/allowPrivilegeEscalation").asText())
        .isEqualTo("false");
    assertThat(container.container().at("/securityContext/capabilities/drop").toString())
        .isEqualTo("[\"ALL\"]");
    assertThat(container.security("privileged").asBoolean()).isFalse();
    for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
      assertThat(container.pod().path(field).asBoolean()).isFalse();
    }
    assertThat(container.pod().path("volumes")).noneMatch(volume -> volume.has("hostPath"));
    if (!container.name().startsWith("WorkflowTemplate/work-files")) {
      // its steps run in the pods of others
      assertThat(container.security("runAsNonRoot").asBoolean()).isTrue();
      assertThat(container.security("runAsUser").asInt()).isPositive();
      assertThat(container.security("seccompProfile").path("type").asText())
          .isEqualTo("RuntimeDefault");
    }
  }

  @ParameterizedTest
  @MethodSource("containers")
  void aContainerIsBounded(Container container) {
    JsonNode resources = container.container().path("resources");
    assertThat(resources.at("/requests/cpu").asText()).isNotEmpty();
    assertThat(resources.at("/requests/memory").asText()).isNotEmpty();
    assertThat(resources.at("/limits/memory").asText()).isNotEmpty();
    if (container.serves()) {
      assertThat(resources.at("/limits/cpu").asText()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("containers")
  void aContainerThatServesIsWatched(Container container) {
    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      assertThat(container.container().has(probe)).as(probe).isEqualTo(container.serves());
    }
  }

  @Test
  void onlyTheBridgeHasATokenOfKubernetes() {
    for (JsonNode document : Rendered.everything()) {
      String path =
          "Integration".equals(document.path("kind").asText())
              ? "/spec/template/spec"
              : SERVING.getOrDefault(document.path("kind").asText(), "");
      JsonNode pod = document.at(path);
      if (!path.isEmpty()) {
        assertThat(pod.path("automountServiceAccountToken").asText())
            .as(Rendered.name(document))
            .isEqualTo("false");
        assertThat(pod.toString().contains("serviceAccountToken"))
            .as(Rendered.name(document))
            .isEqualTo(Rendered.name(document).endsWith("/pipeline-bridge"));
      }
    }
  }

  /** The operator makes the pod out of both. */
  @Test
  void anIntegrationIsAsBoundedAndWatchedAsADeployment() {
    List<JsonNode> integrations =
        Rendered.of("deploy/camel-k").stream()
            .filter(document -> "Integration".equals(document.path("kind").asText()))
            .toList();
    // what serves no route is a Deployment in both
    List<String> inBoth = Rendered.of("deploy/camel-k").stream().map(Rendered::name).toList();
    List<JsonNode> deployments =
        Rendered.of("deploy/base").stream()
            .filter(document -> "Deployment".equals(document.path("kind").asText()))
            .filter(document -> !inBoth.contains(Rendered.name(document)))
            .toList();
    assertThat(integrations)
        .extracting(Rendered::name)
        .map(name -> name.replace("Integration", "Deployment"))
        .containsExactlyElementsOf(deployments.stream().map(Rendered::name).toList());
    for (int i = 0; i < integrations.size(); i++) {
      JsonNode traits = integrations.get(i).at("/spec/traits");
      JsonNode own = integrations.get(i).at("/spec/template/spec");
      JsonNode pod = deployments.get(i).at("/spec/template/spec");
      JsonNode container = pod.at("/containers/0");
      JsonNode resources = container.path("resources");
      assertThat(traits.at("/container/image")).isEqualTo(container.path("image"));
      assertThat(traits.at("/container/requestCPU")).isEqualTo(resources.at("/requests/cpu"));
      assertThat(traits.at("/container/requestMemory")).isEqualTo(resources.at("/requests/memory"));
      assertThat(traits.at("/container/limitCPU")).isEqualTo(resources.at("/limits/cpu"));
      assertThat(traits.at("/container/limitMemory")).isEqualTo(resources.at("/limits/memory"));
      assertThat(traits.at("/security-context/runAsUser").asInt()).isEqualTo(65532);
      assertThat(own.at("/containers/0/securityContext/readOnlyRootFilesystem").asBoolean())
          .isTrue();
      for (String probe : List.of("startup", "readiness", "liveness")) {
        assertThat(traits.at("/health/" + probe + "ProbeEnabled").asBoolean()).isTrue();
        assertThat(traits.at("/health/" + probe + "Probe"))
            .isEqualTo(container.at("/" + probe + "Probe/httpGet/path"));
      }
      for (String same : List.of("volumes", "topologySpreadConstraints", "enableServiceLinks")) {
        assertThat(own.path(same)).as(same).isEqualTo(pod.path(same));
      }
      for (String same : List.of("args", "envFrom", "lifecycle", "volumeMounts")) {
        assertThat(own.at("/containers/0/" + same)).as(same).isEqualTo(container.path(same));
      }
      for (JsonNode variable : container.path("env")) {
        String text = variable.path("name").asText() + "=" + variable.path("value").asText();
        assertThat(traits.at("/environment/vars")).map(JsonNode::asText).contains(text);
      }
    }
  }
}
