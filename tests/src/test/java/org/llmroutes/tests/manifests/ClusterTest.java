package org.llmroutes.tests.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What Flux follows is all there is, in an order that can be. */
class ClusterTest {
  private static final String HOME = "deploy/clusters/homelab";

  private static List<JsonNode> kustomizations() {
    return Rendered.of(HOME).stream()
        .filter(document -> "Kustomization".equals(document.path("kind").asText()))
        .toList();
  }

  @Test
  void followsEveryEntryPointOfThePlatform() {
    Set<String> followed = new TreeSet<>();
    kustomizations().forEach(k -> followed.add(k.at("/spec/path").asText().substring(2)));

    assertThat(followed).contains(HOME + "/llm-routes", "deploy/namespaces");
    assertThat(Rendered.entryPoints())
        .containsAll(followed)
        .filteredOn(folder -> folder.startsWith("deploy/platform/"))
        .allMatch(followed::contains);
  }

  @Test
  void waitsForNothingThatWaitsForIt() {
    Set<String> ready = new HashSet<>();
    List<JsonNode> waiting = new ArrayList<>(kustomizations());
    while (waiting.removeIf(k -> ready.containsAll(dependencies(k)))) {
      kustomizations().stream()
          .filter(k -> !waiting.contains(k))
          .forEach(k -> ready.add(k.at("/metadata/name").asText()));
    }

    assertThat(waiting).isEmpty();
  }

  private static Set<String> dependencies(JsonNode kustomization) {
    Set<String> names = new TreeSet<>();
    kustomization.at("/spec/dependsOn").forEach(d -> names.add(d.path("name").asText()));
    return names;
  }

  @Test
  void isHealthyWhenWhatItAppliesIs() {
    for (JsonNode kustomization : kustomizations()) {
      Set<String> applied = new HashSet<>();
      Rendered.of(kustomization.at("/spec/path").asText().substring(2))
          .forEach(document -> applied.add(Rendered.name(document)));
      JsonNode checks = kustomization.at("/spec/healthChecks");
      assertThat(kustomization.at("/spec/wait").asBoolean() || !checks.isEmpty()).isTrue();
      for (JsonNode check : checks) {
        assertThat(applied)
            .contains(check.path("kind").asText() + "/" + check.path("name").asText());
      }
    }
  }
}
