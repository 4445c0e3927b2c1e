package org.llmroutes.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.config.Settings;
import org.llmroutes.contract.Schemas;
import org.llmroutes.local.Project;

/** What may run is what the catalogue says, and its mistakes are named. */
class CatalogueTest {
  private static final Schemas SCHEMAS = new Schemas(Project.root().resolve("config/schemas"));

  @TempDir private Path folder;

  @Test
  void readsWhatIsShipped() {
    Catalogue catalogue = Catalogue.load(Settings.load(Project.root(), Map.of()), SCHEMAS);

    Pipeline ingestion = catalogue.find("document-ingestion").orElseThrow();
    assertThat(ingestion.engines().keySet()).containsExactly("argo", "kubeflow", "local");
    assertThat(ingestion.engines().get("kubeflow"))
        .containsEntry("pipeline", "document-ingestion")
        .containsEntry("version", "");
    assertThat(ingestion.deadline()).isEqualTo(Duration.ofHours(2));
    assertThat(ingestion.complete(Map.of("source", "docs")))
        .isEqualTo(
            Map.of("source", "docs", "collection", "documents", "readers", "stated", "shards", 1));
    assertThat(catalogue.find("qlora-training").orElseThrow().complete(training()))
        .containsEntry("learning_rate", 0.0002)
        .containsEntry("rank", 16);
    assertThat(catalogue.all())
        .extracting(Pipeline::name)
        .contains("batch-inference", "voice-pipeline");
  }

  @Test
  void aliasesAndMergeKeysBringWhatTheyStandFor() throws IOException {
    Catalogue catalogue =
        catalogue(
            """
            x-defaults: &defaults
              description: For tests
              engines: &engines
                argo: &argo {namespace: ai-ml, workflow_template: one}
              parameters: &parameters {type: object, properties: {n: {type: integer, default: 3}}}
              allowed_users: ["*"]
              max_running: 1
              deadline: PT1H
            pipelines:
              one:
                <<: *defaults
                deadline: PT2H
              two:
                <<: [{description: Its own, max_running: 7}, *defaults]
                engines: {argo: {<<: *argo, workflow_template: two}}
              three: *defaults
            """);

    assertThat(catalogue.find("one").orElseThrow().deadline()).isEqualTo(Duration.ofHours(2));
    Pipeline two = catalogue.find("two").orElseThrow();
    assertThat(two.maxRunning()).isEqualTo(7);
    assertThat(two.engines())
        .isEqualTo(Map.of("argo", Map.of("namespace", "ai-ml", "workflow_template", "two")));
    assertThat(two.complete(Map.of())).isEqualTo(Map.of("n", 3));
    assertThat(catalogue.find("three").orElseThrow().description()).isEqualTo("For tests");
  }

  @ParameterizedTest
  @CsvSource({"'&a [*a]', inside of its anchor", "'pipelines: *nobody', undefined alias"})
  void anAliasThatLeadsNowhereIsNamed(String text, String message) {
    assertThatThrownBy(() -> catalogue(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(folder + "/mine.yaml:1: ")
        .hasMessageContaining(message);
  }

  private Catalogue catalogue(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("mine.yaml"), text);
    return Catalogue.load(
        Settings.load(Project.root(), Map.of("PIPELINES_FILE", file.toString())), SCHEMAS);
  }

  private static Map<String, Object> training() {
    return Map.of("dataset", "d.jsonl", "base_model", "m", "output", "o");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          max_running: 4   | max_runs: 4       | pipelines.document-ingestion
          argo: {namespace | airflow: {name     | pipelines.document-ingestion.engines
          PT2H             | two hours         | pipelines.document-ingestion.deadline must be an ISO 8601 duration
          PT2H             | PT0S              | pipelines.document-ingestion.deadline must be an ISO 8601 duration
          type: object     | type: objet       | pipelines.document-ingestion.parameters
          voice-pipeline:  | Voice_Pipeline:   | Voice_Pipeline
          voice-pipeline:  | qlora-training:   | the key qlora-training is there twice
          """)
  void namesTheFileAndTheEntryOfAMistake(String right, String wrong, String message)
      throws IOException {
    String text = Files.readString(Project.root().resolve("config/pipelines.yaml"));
    Path file = folder.resolve("mine.yaml");
    Files.writeString(file, text.replaceFirst(Pattern.quote(right), wrong));
    Settings settings = Settings.load(Project.root(), Map.of("PIPELINES_FILE", file.toString()));

    assertThatThrownBy(() -> Catalogue.load(settings, SCHEMAS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
  }
}
