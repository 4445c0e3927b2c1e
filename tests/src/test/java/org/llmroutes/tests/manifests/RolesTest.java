package org.llmroutes.tests.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What accounts may do, each verb with the call that needs it, and nothing more. */
class RolesTest {
  private static final Map<String, String> NEEDED =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("llm-routes-bridge workflows create", "ArgoEngine.start submits a run"),
              Map.entry("llm-routes-bridge workflows get", "ArgoEngine.start finds it submitted"),
              Map.entry("llm-routes-bridge workflows list", "ArgoEngine's watch begins with all"),
              Map.entry("llm-routes-bridge workflows watch", "ArgoEngine follows runs"),
              Map.entry("llm-routes-bridge workflows patch", "ArgoEngine.stop sets spec.shutdown"),
              Map.entry("llm-routes-bridge workflowtemplates get", "ArgoEngine reads parameters"),
              Map.entry("llm-routes-bridge pods list", "ArgoEngine tells why a pod waits"),
              Map.entry("llm-routes-bridge events list", "ArgoEngine tells why a pod waits"),
              Map.entry("llm-routes-pipelines workflowtaskresults create", "Argo's executor"),
              Map.entry("llm-routes-pipelines workflowtaskresults patch", "Argo's executor"),
              Map.entry("llm-routes-bridge-kubeflow pipelines get", "KfpApi: pipelines/names"),
              Map.entry("llm-routes-bridge-kubeflow pipelines/versions get", "KfpApi: a version"),
              Map.entry("llm-routes-bridge-kubeflow pipelines/versions list", "KfpApi: the newest"),
              Map.entry("llm-routes-bridge-kubeflow experiments list", "KfpApi: the experiment"),
              Map.entry("llm-routes-bridge-kubeflow experiments create", "KfpApi: a new one"),
              Map.entry("llm-routes-bridge-kubeflow runs list", "KfpApi: a run submitted before"),
              Map.entry("llm-routes-bridge-kubeflow runs get", "KfpApi: follows a run"),
              Map.entry("llm-routes-bridge-kubeflow runs create", "KfpApi: submits a run"),
              Map.entry("llm-routes-bridge-kubeflow runs terminate", "KfpApi: :terminate")));

  @Test
  void allowWhatIsCalledAndNoMore() {
    TreeSet<String> allowed = new TreeSet<>();
    for (JsonNode document : Rendered.everything()) {
      assertThat(document.path("kind").asText()).isNotIn("ClusterRole", "ClusterRoleBinding");
      if ("Role".equals(document.path("kind").asText())) {
        for (JsonNode rule : document.path("rules")) {
          for (JsonNode resource : rule.path("resources")) {
            for (JsonNode verb : rule.path("verbs")) {
              allowed.add(
                  "%s %s %s"
                      .formatted(
                          document.at("/metadata/name").asText(),
                          resource.asText(),
                          verb.asText()));
            }
          }
        }
      }
    }

    assertThat(allowed).isEqualTo(NEEDED.keySet());
  }

  @Test
  void areGivenToAccountsThatPodsHave() {
    TreeSet<String> accounts = new TreeSet<>();
    TreeSet<String> given = new TreeSet<>();
    for (JsonNode document : Rendered.everything()) {
      if ("ServiceAccount".equals(document.path("kind").asText())) {
        accounts.add(document.at("/metadata/name").asText());
      } else if ("RoleBinding".equals(document.path("kind").asText())) {
        assertThat(document.path("subjects")).hasSize(1);
        given.add(document.at("/subjects/0/name").asText());
      }
    }

    assertThat(given).containsExactly("llm-routes-bridge", "llm-routes-pipelines");
    assertThat(accounts).containsAll(given);
  }
}
