package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.local.Project;
import org.llmroutes.local.ai.JsonServer;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The Kubeflow pipelines as kfp compiles them. */
class KubeflowPipelinesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PYTHON = Project.root().resolve(".dev/kfp/bin/python").toString();

  @TempDir private static Path folder;

  @BeforeAll
  static void compile() throws Exception {
    assertThat(Path.of(PYTHON)).as("what ./dev test installs").exists();
    String script = Project.root().resolve("pipelines/kubeflow/compile.py").toString();
    run(Map.of(), List.of(PYTHON, "-B", script, folder.toString()));
  }

  @ParameterizedTest
  @CsvSource({
    "document-ingestion, collection=\"documents\" readers=\"stated\" shards=1.0 source=",
    "voice-pipeline, audio= output= voice=\"\""
  })
  void takeTheParametersOfTheCatalogue(String name, String parameters) throws IOException {
    JsonNode inputs = documents(name).get(0).path("root").at("/inputDefinitions/parameters");
    Map<String, String> declared = new TreeMap<>();
    inputs
        .properties()
        .forEach(p -> declared.put(p.getKey(), p.getValue().path("defaultValue").toString()));

    assertThat(declared.toString().replaceAll("[{},]", "")).isEqualTo(parameters);
    assertThat(documents(name).get(0).at("/pipelineInfo/name").asText()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({"document-ingestion", "voice-pipeline"})
  void everyStepHasAnExactImageACommandAndLimits(String name) throws IOException {
    JsonNode executors = documents(name).get(0).at("/deploymentSpec/executors");

    assertThat(executors).isNotEmpty();
    for (JsonNode executor : executors) {
      JsonNode container = executor.path("container");
      assertThat(container.path("image").asText()).matches(".+:\\d+\\.\\d+\\.\\d+[a-z-]*");
      assertThat(container.path("command")).isNotEmpty();
      assertThat(container.at("/resources/resourceCpuLimit").asText()).isNotEmpty();
      assertThat(container.at("/resources/resourceMemoryLimit").asText()).isNotEmpty();
    }
  }

  @Test
  void ingestionIsTheCommandLineOfTheProduct() throws IOException {
    List<JsonNode> documents = documents("document-ingestion");

    assertThat(documents.get(0).at("/deploymentSpec/executors/exec-ingest/container/args"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "ingest",
            "--collection",
            "{{$.inputs.parameters['collection']}}",
            "--readers",
            "{{$.inputs.parameters['readers']}}",
            "--shard",
            "{{$.inputs.parameters['shard']}}",
            "--",
            "{{$.inputs.parameters['source']}}");
    assertThat(documents.get(1).findValuesAsText("mountPath")).containsExactly("/data");
    // addresses and keys as the roles have them
    assertThat(documents.get(1).findValuesAsText("configMapName"))
        .containsExactly("llm-routes-env");
    assertThat(documents.get(1).findValuesAsText("envVar"))
        .contains("MILVUS_HOST", "EMBEDDINGS_URL", "MILVUS_TOKEN", "EMBEDDINGS_API_KEY");
  }

  @Test
  void documentsThatAreLeftOutAreNoFailure() throws Exception {
    StepCommand ingestion =
        new StepCommand(
            documents("document-ingestion")
                .get(0)
                .at("/deploymentSpec/executors/exec-ingest/container/command"),
            folder);

    assertThat(ingestion.exit(0)).isZero();
    assertThat(ingestion.exit(1)).isEqualTo(1);
    assertThat(ingestion.exit(3)).isZero();
  }

  @Test
  void shardsAreListed() throws Exception {
    Path file = folder.resolve("shards/list");

    // some versions of KFP write an integer so
    step("document-ingestion", "list-shards", Map.of(), "3.0", file.toString());

    assertThat(file).hasContent("[\"1/3\", \"2/3\", \"3/3\"]");
  }

  @Test
  void aQuestionIsHeardAnsweredAndSpoken() throws Exception {
    Path audio = Files.writeString(folder.resolve("question.mp3"), "the sound of a question");
    Path question = folder.resolve("heard/text");
    Path answer = folder.resolve("said/text");
    Path spoken = folder.resolve("out/answer.wav");

    try (SpeechServices speech = new SpeechServices();
        FakeVllm vllm = new FakeVllm(request -> Reply.of("An apple, ", "{{=1+1}}. "))) {
      Map<String, String> services =
          Map.of(
              "WHISPER_URL",
              speech.url(),
              "WHISPER_MODEL",
              "whisper-1",
              "VLLM_URL",
              vllm.baseUrl(),
              "VLLM_MODEL",
              "",
              "TTS_URL",
              speech.url(),
              "TTS_MODEL",
              "tts-1");
      step(
          "voice-pipeline",
          "transcribe",
          services,
          "transcribe",
          audio.toString(),
          question.toString());
      step("voice-pipeline", "answer", services, "answer", question.toString(), answer.toString());
      step(
          "voice-pipeline",
          "speak",
          services,
          "speak",
          answer.toString(),
          spoken.toString(),
          "--voice=nova");

      assertThat(speech.heard)
          .contains("name=\"model\"\r\n\r\nwhisper-1\r\n", "filename=\"audio.mp3\"")
          .contains("the sound of a question");
      assertThat(vllm.requests().get(0).at("/messages/1/content").asText())
          .isEqualTo("What fell on Newton?");
      assertThat(vllm.requests().get(0).path("model").asText()).isEqualTo(FakeVllm.MODEL);
      assertThat(speech.asked.path("input").asText()).isEqualTo("An apple, {{=1+1}}.");
      assertThat(speech.asked.path("voice").asText()).isEqualTo("nova");
      assertThat(spoken).hasContent("the sound of an answer");
    }
  }

  /** KFP replaces a parameter where it is an argument of its own, and hands anything else on. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '"',
      textBlock =
          """
          transcribe transcribe|{{$.inputs.parameters['audio']}}|{{$.outputs.artifacts['text'].path}}
          answer answer|{{$.inputs.artifacts['question'].path}}|{{$.outputs.artifacts['text'].path}}
          speak speak|{{$.inputs.artifacts['text'].path}}|{{$.inputs.parameters['output']}}|--voice|{{$.inputs.parameters['voice']}}
          """)
  void stepsHavePlainArguments(String step, String arguments) throws IOException {
    JsonNode executor =
        documents("voice-pipeline").get(0).at("/deploymentSpec/executors/exec-" + step);

    assertThat(executor.at("/container/args"))
        .extracting(JsonNode::asText)
        .containsExactly(arguments.split("\\|"));
  }

  @Test
  void filesAreBelowTheDataVolumeUnlessTheyAreAbsolute() throws Exception {
    Path steps = Project.root().resolve("pipelines/kubeflow/voice_steps.py");
    String question = "import runpy; f = runpy.run_path('%s')['on_volume'];".formatted(steps);
    run(
        Map.of(),
        List.of(
            PYTHON,
            "-B",
            "-c",
            question
                + " assert str(f('in/a.wav')) == '/data/in/a.wav' and str(f('/tmp/a')) == '/tmp/a'"));
  }

  /** What is said must not become a parameter: KFP would evaluate tags in it. */
  @Test
  void whatIsSaidGoesFromStepToStepAsAFile() throws IOException {
    JsonNode tasks = documents("voice-pipeline").get(0).path("root").at("/dag/tasks");

    assertThat(tasks.at("/answer/inputs/artifacts/question/taskOutputArtifact")).isNotEmpty();
    assertThat(tasks.at("/speak/inputs/artifacts/text/taskOutputArtifact")).isNotEmpty();
    assertThat(tasks.findValues("taskOutputParameter")).isEmpty();
  }

  private static final class SpeechServices extends JsonServer {
    private volatile String heard = "";
    private volatile JsonNode asked;

    SpeechServices() {
      super(0);
      on(
          "/v1/audio/transcriptions",
          form -> {
            heard = form.asText();
            return Map.of("text", " What fell on Newton? ");
          });
      handle(
          "/v1/audio/speech",
          (request, exchange) -> {
            asked = request;
            byte[] audio = "the sound of an answer".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, audio.length);
            exchange.getResponseBody().write(audio);
          });
    }

    @Override
    protected JsonNode read(HttpExchange exchange) throws IOException {
      String type = exchange.getRequestHeaders().getFirst("content-type");
      return type.startsWith("multipart/form-data")
          ? JSON.getNodeFactory()
              .textNode(
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1))
          : super.read(exchange);
    }
  }

  /** Runs the command of a step, as it was compiled, with the arguments that KFP would give it. */
  private static void step(
      String pipeline, String step, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    documents(pipeline)
        .get(0)
        .at("/deploymentSpec/executors/exec-" + step + "/container/command")
        .forEach(part -> command.add(part.asText()));
    command.set(0, PYTHON);
    command.addAll(List.of(arguments));
    run(environment, command);
  }

  private static void run(Map<String, String> environment, List<String> command) throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }

  /** The pipeline, and what is particular to Kubernetes. */
  private static List<JsonNode> documents(String name) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    new Yaml(new SafeConstructor(new LoaderOptions()))
        .loadAll(Files.readString(folder.resolve(name + ".yaml")))
        .forEach(document -> documents.add(JSON.valueToTree(document)));
    return documents;
  }
}
