package org.llmroutes.validate;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.local.Project;

/** The project as it is has no mistakes; with one rejected file added it has exactly that one. */
class ProjectValidatorTest {
  private static final ProjectValidator VALIDATOR = new ProjectValidator();

  @TempDir Path home;

  @Test
  void findsNoMistakeInTheProject() {
    assertThat(VALIDATOR.check(Project.root(), Map.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          not-yaml.camel.yaml                          | 10 | not YAML: expected <block end>
          repeated-key.camel.yaml                      | 11 | the key id is there twice
          unknown-step.camel.yaml                      |  8 | unknown property ot; known are [aggregate,
          unknown-option-of-step.camel.yaml            | 11 | unknown property variableRecieve; known are
          short-form.camel.yaml                        |  8 | must be a map
          options-in-uri.camel.yaml                    | 10 | options stand under parameters
          inline-expression.camel.yaml                 | 10 | unknown property simple; known are
          step-without-id.camel.yaml                   |  8 | id is missing
          id-not-in-kebab-case.camel.yaml              |  9 | kebab-case
          id-taken.camel.yaml                          | 12 | is taken at routes/id-taken.camel.yaml:9
          route-without-description.camel.yaml         |  1 | description is missing
          unknown-kamelet.camel.yaml                   | 10 | no Kamelet compose-eror-action; there are
          unknown-parameter-of-kamelet.camel.yaml      | 13 | unknown property txet; known are [text]
          missing-parameter-of-kamelet.camel.yaml      |  8 | text is missing
          wrong-type-of-parameter.camel.yaml           | 12 | must be integer
          direct-without-consumer.camel.yaml           | 10 | no route consumes direct:nobody
          unknown-route-configuration.camel.yaml       |  4 | no routeConfiguration turn-erors
          unknown-setting.camel.yaml                   | 12 | {{chat.greeting}} is no setting
          unknown-component.camel.yaml                 | 10 | no component kafka on the class path
          unknown-parameter-of-component.camel.yaml    | 12 | log has no levle; known are
          consumer-option-of-producer.camel.yaml       | 12 | workers is for consumers
          wrong-expression.camel.yaml                  | 11 | expected symbol functionEnd
          unknown-exception.camel.yaml                 |  8 | no class org.llmroutes.errors.StepFailure
          unknown-data-format.camel.yaml               | 11 | no data format msgpak
          property-unused-action.kamelet.yaml          | 17 | depth is declared and the template does not use it
          property-undeclared-action.kamelet.yaml      | 23 | {{candidates}} is no setting
          property-without-description-action.kamelet.yaml | 13 | description is missing
          required-undeclared-action.kamelet.yaml      | 13 | depth is required and not declared
          title-in-lower-case-action.kamelet.yaml      |  9 | Title Case
          title-taken-action.kamelet.yaml              |  9 | milvus-search-action.kamelet.yaml has the title
          file-name-differs-action.kamelet.yaml        |  4 | must be named other-name-action.kamelet.yaml
          name-without-type.kamelet.yaml               |  4 | must end with its type: -action
          bean-without-class-action.kamelet.yaml       | 20 | no class org.llmroutes.retrieval.Milvus
          bean-without-setter-action.kamelet.yaml      | 22 | MilvusSearch has no property vectr; it has
          section-not-closed.mustache                  |  2 | Section missing close tag 'sources'
          unknown-type.schema.json                     |  5 | must be one of
          reference-to-nowhere.schema.json             |  5 | $ref leads nowhere
          not-json.schema.json                         |  3 | not JSON: Unexpected close marker
          stream-without-name.stream.yaml              |  1 | not a stream definition
          """)
  void namesTheMistakeByFileAndLine(String rejected, int line, String message) throws IOException {
    copyProject();
    String file = folder(rejected) + "/" + rejected;
    Files.copy(
        Path.of(getClass().getResource("/rejected/" + rejected).getPath()), home.resolve(file));

    List<Mistake> mistakes = VALIDATOR.check(home, Map.of());

    assertThat(mistakes).hasSize(1);
    assertThat(mistakes.get(0).toString()).startsWith(file + ":" + line + ": ").contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          config/ai-services-config.yaml | protocol: cohere | protocol: colbert | services.reranker.protocol is colbert
          config/ai-services-config.yaml | port: 19530      | port: high        | milvus.port
          config/application.properties  | conversation.time-to-live=30d | chat.workers=16 | chat.workers is set in line
          routes/errors.camel.yaml | description: Answers with the | - description: Answers with the | not YAML
          kamelets/dead-letter-action.kamelet.yaml | title: Dead | title: ] Dead | not YAML
          config/pipelines.yaml          | max_running: 4    | max_runs: 4       | unknown property max_runs; known are [allowed_users, deadline,
          config/pipelines.yaml          | description: Answer each | describtion: Answer each | unknown property describtion
          config/pipelines.yaml          | argo: {namespace: ai-ml, workflow_template: document-ingestion} | airflow: {} | unknown property airflow; known are [argo, kubeflow, local]
          config/pipelines.yaml          | required: [source] | required: source | must be array
          config/pipelines.yaml          | max_running: 4    | max_running: 0    | minimum value of 1
          config/pipelines.yaml          | deadline: PT2H    | deadline: 2h      | pipelines.document-ingestion.deadline must be an ISO 8601 duration such as PT2H
          config/pipelines.yaml          | deadline: PT2H    | deadline: P40D    | of at most P28D, is P40D
          config/asyncapi.yaml           | {$ref: schemas/chat-request.json} | {$ref: schemas/chat.json} | $ref leads nowhere
          """)
  void namesTheMistakeInAChangedFile(String file, String right, String wrong, String message)
      throws IOException {
    copyProject();
    String text = Files.readString(home.resolve(file));
    int line = text.substring(0, text.indexOf(right)).split("\n", -1).length;
    Files.writeString(home.resolve(file), text.replace(right, wrong));

    List<Mistake> mistakes = VALIDATOR.check(home, Map.of());

    assertThat(mistakes).hasSize(1);
    assertThat(mistakes.get(0).toString()).startsWith(file + ":" + line + ": ").contains(message);
  }

  @Test
  void readsTheCatalogueThatTheEnvironmentNames() throws IOException {
    copyProject();
    String text = Files.readString(home.resolve("config/pipelines.yaml"));
    Path mine = home.resolve("mine.yaml");
    Files.writeString(mine, text.replaceFirst("deadline: PT2H", "deadline: 2h"));

    assertThat(VALIDATOR.check(home, Map.of("PIPELINES_FILE", mine.toString())))
        .extracting(Mistake::toString)
        .singleElement(as(STRING))
        .startsWith(mine + ":")
        .contains("deadline must be an ISO 8601 duration");
    assertThat(VALIDATOR.check(home, Map.of("PIPELINES_FILE", home + "/none.yaml")))
        .extracting(Mistake::toString)
        .containsExactly(home + "/none.yaml:1: PIPELINES_FILE names no file");
  }

  @Test
  void takesAnchorsInEveryConfigFile() throws IOException {
    copyProject();
    change(
        "config/pipelines.yaml",
        "    allowed_users: [\"*\"]\n    max_running: 4",
        "    allowed_users: &everybody [\"*\"]\n    max_running: 4");
    change(
        "config/pipelines.yaml",
        "    allowed_users: [\"*\"]\n    max_running: 1",
        "    allowed_users: *everybody\n    max_running: 1");
    change(
        "config/ai-services-config.yaml", "    protocol: cohere", "    protocol: &protocol cohere");

    assertThat(VALIDATOR.check(home, Map.of())).isEmpty();
  }

  private void change(String file, String right, String other) throws IOException {
    String text = Files.readString(home.resolve(file));
    assertThat(text).contains(right);
    Files.writeString(home.resolve(file), text.replace(right, other));
  }

  private static String folder(String rejected) {
    String kind = rejected.substring(rejected.indexOf('.'));
    return switch (kind) {
      case ".camel.yaml" -> "routes";
      case ".kamelet.yaml" -> "kamelets";
      case ".mustache" -> "config/prompts";
      case ".schema.json" -> "config/schemas";
      case ".stream.yaml" -> "config/nats";
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private void copyProject() throws IOException {
    for (String folder : List.of("routes", "kamelets", "config")) {
      try (Stream<Path> files = Files.walk(Project.root().resolve(folder))) {
        for (Path file : files.toList()) {
          Files.copy(file, home.resolve(Project.root().relativize(file).toString()));
        }
      }
    }
  }
}
