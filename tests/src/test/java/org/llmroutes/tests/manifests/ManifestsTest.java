package org.llmroutes.tests.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.llmroutes.local.Project;

/** Every entry point of {@code deploy/} renders to what an API server takes. */
class ManifestsTest {
  private static final String OVERLAY =
      """
      apiVersion: kustomize.config.k8s.io/v1beta1
      kind: Kustomization
      namespace: ai-ml
      resources: [../../../../deploy/base]
      components: [../../../../%s]
      """;

  static List<String> entryPoints() {
    return Rendered.entryPoints();
  }

  static List<String> components() {
    return Rendered.components();
  }

  @ParameterizedTest
  @MethodSource("entryPoints")
  void everyDocumentOfAnEntryPointPassesItsSchema(String folder) {
    passSchemas(Rendered.of(folder));
  }

  @ParameterizedTest
  @MethodSource("components")
  void everyDocumentPassesItsSchemaWithAComponent(String component) throws IOException {
    passSchemas(withComponent(component));
  }

  static List<JsonNode> withComponent(String component) throws IOException {
    Path overlay =
        Project.root()
            .resolve("tests/target/overlays")
            .resolve(Path.of(component).getFileName().toString());
    Files.createDirectories(overlay);
    Files.writeString(overlay.resolve("kustomization.yaml"), OVERLAY.formatted(component));
    return Rendered.of(Project.root().relativize(overlay).toString());
  }

  private static void passSchemas(List<JsonNode> documents) {
    Set<String> names = new HashSet<>();
    assertThat(documents)
        .isNotEmpty()
        .allSatisfy(
            document -> {
              assertThat(Schemas.mistakes(document)).as(Rendered.name(document)).isEmpty();
              assertThat(names.add(Rendered.name(document))).as(Rendered.name(document)).isTrue();
            });
  }

  @ParameterizedTest
  @CsvSource({
    "deploy/base, Deployment, replicas",
    "deploy/base, NetworkPolicy, podSelector",
    "deploy/camel-k, Integration, traits",
    "deploy/platform/nats/streams, Stream, retention",
    "deploy/platform/kserve, InferenceService, predictor",
    "deploy/clusters/homelab, Kustomization, prune"
  })
  void aMisspeltFieldIsFound(String folder, String kind, String field) {
    JsonNode document =
        Rendered.of(folder).stream()
            .filter(candidate -> kind.equals(candidate.path("kind").asText()))
            .findFirst()
            .orElseThrow()
            .deepCopy();
    ObjectNode spec = (ObjectNode) document.path("spec");
    spec.set(field + "s", spec.remove(field));

    assertThat(Schemas.mistakes(document)).anyMatch(mistake -> mistake.contains(field + "s"));
  }

  @Test
  void whatIsTakenFromElsewhereIsUpToDate(@TempDir Path copy) throws Exception {
    for (String folder :
        List.of(
            "routes",
            "kamelets",
            "config",
            "deploy/platform/nats/streams",
            "deploy/observability",
            "deploy/components/observability")) {
      try (Stream<Path> files = Files.walk(Project.root().resolve(folder))) {
        for (Path file : files.toList()) {
          Path target = copy.resolve(Project.root().relativize(file).toString());
          Files.createDirectories(target.getParent());
          Files.copy(file, target);
        }
      }
    }
    Process generator =
        new ProcessBuilder(
                Project.installed("deploy", "bin/python").toString(),
                "-B",
                Project.root().resolve("deploy/tools/generate.py").toString(),
                copy.toString())
            .redirectErrorStream(true)
            .start();
    String changes = new String(generator.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(generator.waitFor()).as(changes).isZero();
    assertThat(changes).as("what ./dev manifests writes").isEmpty();
  }

  @Test
  void namesOneImageOfTheProductInTheVersionThatIsBuilt() throws IOException {
    String version = version();
    assertThat(
            Stream.of("deploy/base", "deploy/camel-k", "deploy/platform/argo")
                .flatMap(folder -> Rendered.of(folder).stream())
                .flatMap(document -> document.findValuesAsText("image").stream())
                .filter(image -> image.contains("/llm-routes")))
        .isNotEmpty()
        .allMatch(image -> image.endsWith(":" + version));
  }

  /** Camel K and the Camel CLI load the beans of a Kamelet from the artifact that it names. */
  @Test
  void eachKameletNamesTheArtifactOfThatVersion() throws IOException {
    String artifact = "mvn:org.llmroutes:llm-routes:";
    String line = "    - " + artifact + version() + "\n";
    try (Stream<Path> files = Files.list(Project.root().resolve("kamelets"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".kamelet.yaml")))
          .isNotEmpty()
          .allSatisfy(
              kamelet ->
                  assertThat(Files.readString(kamelet)).containsOnlyOnce(artifact).contains(line));
    }
  }

  private static String version() throws IOException {
    return Files.readString(Project.root().resolve("pom.xml")).split("<version>")[1].split("<")[0];
  }
}
