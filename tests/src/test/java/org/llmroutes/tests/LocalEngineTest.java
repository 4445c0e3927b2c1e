package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.http.Deadline;
import org.llmroutes.ingest.GivenDocument;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.pipelines.PipelineRun;
import org.llmroutes.pipelines.RunState;
import org.llmroutes.pipelines.RunState.Phase;
import org.llmroutes.pipelines.local.LocalEngine;
import org.llmroutes.retrieval.DocumentSearch;
import org.llmroutes.retrieval.HttpEmbeddings;
import org.llmroutes.retrieval.MilvusConnection;
import org.llmroutes.retrieval.Passage;
import org.llmroutes.retrieval.SearchScope;
import org.llmroutes.upload.UploadedDocument;
import org.llmroutes.upload.Uploads;

/** Pipelines in this process, against real Milvus, real embeddings and a vLLM that can hang. */
class LocalEngineTest {

  private final Stack stack = Stack.shared();
  private final FakeVllm vllm = new FakeVllm(request -> Reply.of("ok"));
  private final PlatformServices services = PlatformServices.load(stack.settings);
  private final MilvusConnection milvus = new MilvusConnection(services.milvus());
  private final String collection = "c" + UUID.randomUUID().toString().replace("-", "");
  private final Queue<String> told = new ConcurrentLinkedQueue<>();
  @TempDir private Path folder;
  private LocalEngine engine;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(folder.resolve("root"));
    engine = engine();
  }

  /** As another instance, or this one after a restart. */
  private LocalEngine engine() {
    Map<String, String> environment = new HashMap<>(stack.environment);
    environment.put("VLLM_URL", vllm.baseUrl());
    environment.put("PIPELINES_LOCAL_ROOT", folder.resolve("root").toString());
    LocalEngine fresh =
        new LocalEngine(
            Settings.load(Project.root(), environment),
            new MilvusConnection(services.milvus()),
            new Uploads(stack.nats));
    fresh.onChange(told::add);
    return fresh;
  }

  @AfterEach
  void close() {
    engine.close();
    vllm.close();
    milvus.close();
  }

  @Test
  void documentsAreIngestedAndFound() throws IOException {
    write("docs/birds.md", "# Birds\n\nThe heron waits for fish in shallow water.");
    write("docs/ovens.md", "# Ovens\n\nBread is baked in an oven.");
    PipelineRun run = ingestion("docs");

    assertThat(engine.start(run).id()).isEqualTo(run.name());

    RunState end = awaitEnd(run);
    assertThat(end.phase()).isEqualTo(Phase.SUCCEEDED);
    assertThat(end.message()).startsWith("2 documents new");
    assertThat(end.progress()).isEqualTo("2/2");
    assertThat(told).contains(run.name()).containsOnly(run.name());
    float[] vector =
        HttpEmbeddings.of(services.embeddings())
            .embedQuery("What does the heron eat?", Deadline.never());
    assertThat(
            new DocumentSearch(milvus)
                .search(collection, "heron", vector, SearchScope.ofPublic(), 10, 0.8))
        .first()
        .extracting(Passage::document)
        .isEqualTo("docs/birds.md");
  }

  @Test
  void aFileThatCannotBeReadIsLeftOutAndNamed() throws IOException {
    write("docs/broken.pdf", "%PDF-1.7 nothing");
    write("docs/good.md", "Good");
    PipelineRun run = ingestion("docs");

    engine.start(run);

    RunState end = awaitEnd(run);
    assertThat(end.phase()).isEqualTo(Phase.SUCCEEDED);
    assertThat(end.message()).startsWith("1 documents new").contains("docs/broken.pdf is not");
  }

  @Test
  void anUploadIsIngestedOnceByWhoeverSentIt() {
    Uploads uploads = new Uploads(stack.nats);
    String id = UUID.randomUUID().toString();
    byte[] text = "The heron waits.".getBytes(StandardCharsets.UTF_8);
    uploads.put(
        "ada",
        id,
        new UploadedDocument(
            new GivenDocument("uploads/ada/heron.md", text, Instant.now()),
            collection,
            List.of("user:ada")));
    PipelineRun run = run("document-upload", Map.of("upload", id));
    PipelineRun foreign = run("document-upload", Map.of("upload", UUID.randomUUID().toString()));
    engine.start(run);
    engine.start(foreign);
    String done = awaitEnd(run).message();

    assertThat(done).isEqualTo("uploads/ada/heron.md is new in " + collection);
    assertThat(awaitEnd(foreign).phase()).isEqualTo(Phase.FAILED);
    engine.close();
    engine = engine();
    engine.start(run);
    assertThat(awaitEnd(run).message()).isEqualTo(done);
    assertThat(uploads.get("ada", id)).isEmpty();
  }

  @Test
  void aRunOfTheSameNameIsFoundAndNotStartedAgain() throws IOException {
    write("in.jsonl", prompts(2));
    PipelineRun run = batch("in.jsonl", "out.jsonl");

    engine.start(run);
    engine.start(run);
    awaitEnd(run);
    engine.start(run);

    assertThat(engine.look(run)).get().extracting(RunState::phase).isEqualTo(Phase.SUCCEEDED);
    assertThat(vllm.requests()).hasSize(2);
    assertThat(lines("out.jsonl")).hasSize(2);
  }

  @Test
  void linesThatFailAreLeftOutAndTheLastIsNamed() throws IOException {
    write("in.jsonl", "{\"prompt\": \"1\"}\nnonsense\n");
    PipelineRun run = batch("in.jsonl", "out.jsonl");

    engine.start(run);

    RunState end = awaitEnd(run);
    assertThat(end.phase()).isEqualTo(Phase.SUCCEEDED);
    assertThat(end.message()).startsWith("1 lines done, 1 failed").contains("line 2: not JSON");
    assertThat(end.progress()).isEqualTo("2/2");
  }

  @Test
  void aStopInterruptsAndAnotherInstanceGoesOn() throws IOException {
    write("in.jsonl", prompts(4));
    PipelineRun run = batch("in.jsonl", "out.jsonl");
    vllm.script(
        request ->
            request.toString().contains("\"1\"") ? Reply.of("ok") : Reply.of("a").hangAfter(0));
    engine.start(run);
    await().until(() -> lines("out.jsonl").size() == 1 && vllm.requests().size() == 4);
    assertThat(engine.look(run)).contains(new RunState(Phase.RUNNING, "", "1/4"));

    engine.stop(run);

    assertThat(awaitEnd(run).phase()).isEqualTo(Phase.STOPPED);
    engine.close();
    engine = engine();
    assertThat(engine.look(run)).isEmpty();
    vllm.script(request -> Reply.of("ok"));
    engine.look(startedBefore(run));
    assertThat(awaitEnd(run).message()).isEqualTo("3 lines done, 0 failed, 1 skipped");
  }

  @Test
  void twoRunAtATimeAndOneThatWaitsCanBeStopped() throws IOException {
    write("in.jsonl", prompts(1));
    vllm.script(request -> Reply.of("a").hangAfter(0));
    PipelineRun waiting = batch("in.jsonl", "3.jsonl");
    engine.start(batch("in.jsonl", "1.jsonl"));
    engine.start(batch("in.jsonl", "2.jsonl"));
    engine.start(waiting);
    await().until(() -> vllm.requests().size() == 2);

    assertThat(engine.look(waiting)).get().extracting(RunState::phase).isEqualTo(Phase.PENDING);
    engine.stop(waiting);

    assertThat(engine.look(waiting)).get().extracting(RunState::phase).isEqualTo(Phase.STOPPED);
    assertThat(told).contains(waiting.name());
    assertThat(folder.resolve("root/3.jsonl")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "../secret.jsonl, out.jsonl, input",
    "/etc/passwd, out.jsonl, input",
    "link/secret.jsonl, out.jsonl, input",
    "s3://bucket/in.jsonl, out.jsonl, no file",
    "missing.jsonl, out.jsonl, no file",
    "., out.jsonl, must be a file",
    "in.jsonl, ../out.jsonl, output",
    "in.jsonl, link/out.jsonl, output",
    "in.jsonl, dangling.jsonl, output",
    "in.jsonl, routes.yaml, named .jsonl",
    "in.jsonl, in.jsonl, another file"
  })
  void whatLiesOutsideIsRejected(String input, String output, String why) throws IOException {
    write("in.jsonl", prompts(1));
    Files.writeString(folder.resolve("secret.jsonl"), prompts(1));
    Files.createSymbolicLink(folder.resolve("root/link"), folder);
    Files.createSymbolicLink(
        folder.resolve("root/dangling.jsonl"), folder.resolve("nothing.jsonl"));

    assertThatExceptionOfType(TurnException.class)
        .isThrownBy(() -> engine.start(batch(input, output)))
        .withMessageContaining(why)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.REJECTED));
    assertThat(folder.resolve("out.jsonl")).doesNotExist();
  }

  @Test
  void aPipelineOfOtherEnginesIsRejected() {
    PipelineRun run = run("qlora-training", Map.of());

    assertThatExceptionOfType(TurnException.class)
        .isThrownBy(() -> engine.start(run))
        .withMessageContaining("no pipeline qlora-training");
    assertThat(engine.look(run)).isEmpty();
  }

  private static PipelineRun startedBefore(PipelineRun run) {
    return new PipelineRun(
        run.name(),
        run.requestId(),
        run.userId(),
        run.pipeline(),
        run.target(),
        run.parameters(),
        run.name());
  }

  private RunState awaitEnd(PipelineRun run) {
    return await().until(() -> engine.look(run).orElseThrow(), state -> state.phase().isFinal());
  }

  private PipelineRun ingestion(String source) {
    return run(
        "document-ingestion", Map.of("source", source, "collection", collection, "shards", 1L));
  }

  private static PipelineRun batch(String input, String output) {
    return run(
        "batch-inference",
        Map.of(
            "input", input, "output", output, "model", "", "concurrency", 8L, "max_tokens", 512L));
  }

  private static PipelineRun run(String pipeline, Map<String, Object> parameters) {
    String id = UUID.randomUUID().toString();
    return new PipelineRun(pipeline + "-" + id, id, "ada", pipeline, Map.of(), parameters, "");
  }

  private static String prompts(int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= count; i++) {
      lines.append("{\"prompt\": \"").append(i).append("\"}\n");
    }
    return lines.toString();
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve("root").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private List<String> lines(String name) throws IOException {
    Path file = folder.resolve("root").resolve(name);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }
}
