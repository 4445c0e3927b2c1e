package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.local.Project;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The WorkflowTemplates have no mistakes; with one line changed they have exactly that one. */
class WorkflowTemplatesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, String> files = read();
  @TempDir private Path folder;

  @Test
  void haveNoMistakes() {
    assertThat(new WorkflowTemplateCheck(specs()).mistakes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "document-ingestion, source= collection=documents readers=stated shards=1",
    "batch-inference, input= output= model= concurrency=8 max_tokens=512",
    "qlora-training, dataset= base_model= output= epochs=1 rank=16 learning_rate=0.0002"
  })
  void takeTheParametersOfTheCatalogue(String name, String parameters) {
    Map<String, String> declared = new LinkedHashMap<>();
    specs()
        .get(name)
        .at("/arguments/parameters")
        .forEach(p -> declared.put(p.path("name").asText(), p.path("value").asText()));

    assertThat(declared.toString().replaceAll("[{},]", "")).isEqualTo(parameters);
  }

  @ParameterizedTest
  @CsvSource({
    "document-ingestion, ingest-shard",
    "batch-inference, infer-lines",
    "qlora-training, train-adapter"
  })
  void giveTheirCommandOptionsThatItHas(String name, String step) throws Exception {
    JsonNode arguments = container(name, step).path("args");
    String help =
        "qlora-training".equals(name)
            ? Files.readString(Project.root().resolve("pipelines/qlora/train.py"))
            : new ProductCommand(folder, Map.of(), Map.of())
                .run(arguments.path(0).asText(), "--help")
                .output();

    assertThat(arguments)
        .extracting(argument -> argument.asText().replaceFirst("=.*", ""))
        .filteredOn(argument -> argument.matches("--.+"))
        .hasSizeGreaterThan(1)
        .allMatch(option -> Pattern.compile(option + "\\b").matcher(help).find());
  }

  @ParameterizedTest
  @CsvSource({"document-ingestion, ingest-shard", "batch-inference, infer-lines"})
  void whatWasLeftOutIsNoFailure(String name, String step) throws Exception {
    StepCommand command = new StepCommand(container(name, step).path("command"), folder);

    assertThat(command.exit(0)).isZero();
    assertThat(command.exit(1)).isEqualTo(1);
    assertThat(command.exit(2)).isEqualTo(2);
    assertThat(command.exit(3)).isZero();
    assertThat(command.exit(137)).isEqualTo(137);
  }

  private JsonNode container(String name, String step) {
    for (JsonNode template : specs().get(name).path("templates")) {
      if (step.equals(template.path("name").asText())) {
        return template.path("container");
      }
    }
    throw new IllegalArgumentException("No step " + step);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          misspelt field        | batch-inference    | podGC:                 | podGc:             | podGc
          wrong type            | document-ingestion | parallelism: 4         | parallelism: four  | /parallelism
          entrypoint to nowhere | document-ingestion | entrypoint: ingest     | entrypoint: start  | entrypoint names no template: start
          exit to nowhere       | qlora-training     | onExit: clean-up       | onExit: sweep      | onExit names no template: sweep
          task to nowhere       | document-ingestion | template: ingest-shard | template: ingest-x | there is no template ingest-x in document-ingestion
          no such shared step   | batch-inference    | template: store-in-s3  | template: store    | there is no template store in work-files
          dependency to nowhere | qlora-training     | depends: from-s3       | depends: from-gcs  | depends on no task: from-gcs
          parameter undeclared  | batch-inference    | - name: max_tokens     | - name: tokens     | max_tokens is used and not declared
          parameter unused      | batch-inference    | - --model={{workflow.parameters.model}} | '' | model is declared and not used
          parameter misspelt    | document-ingestion | parameters.collection  | parameters.colection | colection is used and not declared
          input undeclared      | qlora-training     | inputs.parameters.dataset | inputs.parameters.data | inputs.parameters: data is used and not declared
          input unused          | document-ingestion | "{{inputs.parameters.folder}}" | /data      | inputs.parameters: folder is declared and not used
          argument missing      | qlora-training     | - {name: folder, value: "{{workflow.name}}"} | [] | parameters: folder is missing
          argument surplus      | batch-inference    | {name: address,        | {name: adress,     | adress is no input of the template
          artifact needed       | document-ingestion | optional: true         | optional: false    | from-volume artifacts: source is missing
          item without loop     | document-ingestion | withSequence: *shards  | ''                 | {{item}} stands outside of a loop
          image that changes    | qlora-training     | llm-routes-qlora:0.2.0 | llm-routes-qlora:latest | the image has no exact version
          command of the image  | batch-inference    | command: [sh           | argv: [sh          | /container/command is missing
          no limits             | document-ingestion | limits: {memory: 1Gi}  | ''                 | /container/resources/limits is missing
          no time-out           | batch-inference    | activeDeadlineSeconds: 82800 | ''           | /activeDeadlineSeconds is missing
          no retries            | document-ingestion | limit: "3"             | ''                 | /retryStrategy/limit is missing
          volume undeclared     | qlora-training     | - name: shared-memory  | - name: memory     | there is no volume shared-memory
          """)
  void aDefectIsFound(String defect, String name, String right, String wrong, String message) {
    assertThat(files.get(name)).as("what makes it have the %s", defect).contains(right);
    files.put(name, files.get(name).replace(right, wrong));

    assertThat(new WorkflowTemplateCheck(specs()).mistakes())
        .allMatch(mistake -> mistake.startsWith(name))
        .anyMatch(mistake -> mistake.contains(message));
  }

  private static Map<String, String> read() {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(Project.root().resolve("deploy/platform/argo"))) {
      for (Path path : paths.toList()) {
        String text = Files.readString(path);
        if (text.contains("\nkind: WorkflowTemplate\n")) {
          files.put(path.getFileName().toString().replace(".yaml", ""), text);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return files;
  }

  /** By the names in the files, which are those of the files. */
  private Map<String, JsonNode> specs() {
    Map<String, JsonNode> specs = new TreeMap<>();
    files.forEach(
        (file, text) -> {
          JsonNode template =
              JSON.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(text));
          assertThat(template.at("/metadata/name").asText()).isEqualTo(file);
          specs.put(file, template.path("spec"));
        });
    return specs;
  }
}
