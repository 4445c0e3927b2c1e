package org.llmroutes.tests;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.StreamInfoOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.llmroutes.config.Settings;
import org.llmroutes.local.MilvusLite;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.local.ValkeyServer;
import org.llmroutes.local.ai.BgeModel;
import org.llmroutes.local.ai.EmbeddingService;
import org.llmroutes.local.ai.RerankService;
import org.llmroutes.local.fake.FakeSpeech;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.nats.NatsConnections;
import org.llmroutes.nats.NatsSetup;

/** What the product needs around it: real servers, real embeddings and a fake vLLM. */
class Servers implements AutoCloseable {
  static final Path DATA =
      Project.root().resolve("tests/target/stack-" + ProcessHandle.current().pid());
  private static final BgeModel MODEL = new BgeModel();
  private static final AtomicInteger STARTED = new AtomicInteger();

  final Path data = DATA.resolve("stack" + STARTED.getAndIncrement());

  /** What runs of the local engine can read and write. */
  final Path files = data.resolve("files");

  final NatsServer natsServer;
  final ValkeyServer valkey = new ValkeyServer(data.resolve("valkey"), 0);
  final MilvusLite milvus = new MilvusLite(data.resolve("milvus"), 0);
  EmbeddingService embeddings = new EmbeddingService(MODEL, 0);
  RerankService reranker = new RerankService(MODEL, 0);
  final FakeVllm vllm = new FakeVllm(Servers::greeting);
  final FakeSpeech speech = new FakeSpeech();
  final Map<String, String> environment = new HashMap<>();
  final Settings settings;
  final Documents documents;
  final Connection nats;

  Servers() {
    this(Project.root(), Map.of());
  }

  /**
   * @param home the folder with the configuration to use
   * @param overrides environment variables beside those that name the servers
   */
  Servers(Path home, Map<String, String> overrides) {
    this(home, overrides, Map.of());
  }

  /**
   * @param guard public keys of a guarded NATS server, none for an open one
   */
  Servers(Path home, Map<String, String> overrides, Map<String, String> guard) {
    natsServer = new NatsServer(data.resolve("nats"), 0, guard);
    try {
      Files.createDirectories(files);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List.of(natsServer, valkey, milvus).parallelStream().forEach(server -> server.start());
    environment.putAll(
        Map.of(
            "NATS_URL", natsServer.url(),
            "VALKEY_URL", valkey.url(),
            "MILVUS_HOST", milvus.host(),
            "MILVUS_PORT", Integer.toString(milvus.port()),
            "EMBEDDINGS_URL", embeddings.url(),
            "RERANKER_URL", reranker.url(),
            "VLLM_URL", vllm.baseUrl(),
            "LLM_ROUTES_PORT", Integer.toString(Ports.free(0))));
    environment.put("GATEWAY_PORT", Integer.toString(Ports.free(0)));
    environment.put("WHISPER_URL", speech.url());
    environment.put("TTS_URL", speech.url());
    environment.put("PIPELINES_LOCAL_ROOT", files.toString());
    // a busy machine leaves a server without a processor for longer than people would wait for it
    environment.put("VALKEY_TIMEOUT_MS", "10000");
    environment.put("AUTH_OIDC_TIMEOUT", "30s");
    // the suite's failures are on purpose, and no test may trip the breaker of the next one
    for (String service : List.of("VLLM", "WHISPER", "TTS")) {
      environment.put(service + "_BREAKER_CALLS", "1000");
    }
    environment.putAll(overrides);
    settings = Settings.load(home, environment);
    documents = new Documents(settings);
    try {
      nats = NatsConnections.connect(environment.get("NATS_URL"), environment);
      NatsSetup.apply(nats, settings.path("config/nats"), settings.getInt("nats.replicas"));
      documents.collection("documents");
    } catch (Exception e) {
      throw new IllegalStateException("The servers did not start", e);
    }
  }

  private static FakeVllm.Reply greeting(JsonNode request) {
    return FakeVllm.Reply.of("Hello", ", ", "world", ".");
  }

  /** Takes back what a test had the fakes say. */
  void fakesSayWhatTheyAlwaysSay() {
    vllm.script(Servers::greeting);
    vllm.models(FakeVllm.MODEL);
    speech.ear(FakeSpeech.Sound.PLAIN);
    speech.voice(text -> FakeSpeech.Sound.PLAIN);
    speech.understand(text -> Map.of("text", text));
  }

  /** Starts the embedding service again where it was. */
  void reviveEmbeddings() {
    embeddings = new EmbeddingService(MODEL, embeddings.port());
  }

  /** Starts the reranker again where it was. */
  void reviveReranker() {
    reranker = new RerankService(MODEL, reranker.port());
  }

  /** Messages of a subject that a stream holds, or of a key where it is a bucket's. */
  long stored(String stream, String subject) {
    try {
      return nats.jetStreamManagement()
          .getStreamInfo(stream, StreamInfoOptions.filterSubjects(subject))
          .getStreamState()
          .getSubjectMap()
          .getOrDefault(subject, 0L);
    } catch (IOException | JetStreamApiException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      nats.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    vllm.close();
    speech.close();
    embeddings.close();
    reranker.close();
    milvus.close();
    valkey.close();
    natsServer.close();
  }
}
