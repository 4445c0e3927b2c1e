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

  @Test
  void waitsForTheSecretsThatItReads() {
    for (JsonNode kustomization : kustomizations()) {
      Set<String> read = new TreeSet<>();
      applied(kustomization).forEach(document -> secrets(document, read));
      Set<String> made = new TreeSet<>();
      for (String needed : allDependencies(kustomization)) {
        kustomizations().stream()
            .filter(other -> other.at("/metadata/name").asText().equals(needed))
            .flatMap(other -> applied(other).stream())
            .filter(document -> "ExternalSecret".equals(document.path("kind").asText()))
            .forEach(document -> made.add(document.at("/spec/target/name").asText()));
      }
      assertThat(made).as(Rendered.name(kustomization)).containsAll(read);
    }
  }

  private static List<JsonNode> applied(JsonNode kustomization) {
    return Rendered.of(kustomization.at("/spec/path").asText().substring(2));
  }

  /** Of volumes, of variables and of steps that fetch or store files; not what may be missing. */
  private static void secrets(JsonNode node, Set<String> read) {
    node.properties()
        .forEach(
            entry -> {
              JsonNode value = entry.getValue();
              String name = value.path("secretName").asText(value.path("name").asText());
              if (entry.getKey().matches("secret|secretRef|secretKeyRef|(access|secret)KeySecret")
                  && !value.path("optional").asBoolean()
                  && !name.isEmpty()) {
                read.add(name);
              }
            });
    node.forEach(child -> secrets(child, read));
  }

  private static Set<String> allDependencies(JsonNode kustomization) {
    Set<String> all = new TreeSet<>(dependencies(kustomization));
    kustomizations().stream()
        .filter(other -> dependencies(kustomization).contains(other.at("/metadata/name").asText()))
        .forEach(other -> all.addAll(allDependencies(other)));
    return all;
  }

  private static Set<String> dependencies(JsonNode kustomization) {
    Set<String> names = new TreeSet<>();
    kustomization.at("/spec/dependsOn").forEach(d -> names.add(d.path("name").asText()));
    return names;
  }

  /** Pods of before an edit serve on where it is broken, and may have to be started again. */
  @Test
  void takesNoFileAwayThatPodsOfBeforeAnEditMount() {
    List<JsonNode> renamed =
        Rendered.of(HOME + "/llm-routes").stream()
            .filter(
                document ->
                    Rendered.name(document).matches("ConfigMap/.+-(?!dashboards)[a-z0-9]{10}"))
            .toList();

    assertThat(renamed)
        .hasSize(5)
        .allMatch(
            map ->
                "disabled"
                    .equals(
                        map.at("/metadata/annotations")
                            .path("kustomize.toolkit.fluxcd.io/prune")
                            .asText()));
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
