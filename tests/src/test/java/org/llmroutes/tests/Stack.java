package org.llmroutes.tests;

import io.nats.client.Connection;
import io.nats.client.Nats;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.llmroutes.config.Settings;
import org.llmroutes.local.MilvusLite;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.local.ValkeyServer;
import org.llmroutes.local.ai.BgeModel;
import org.llmroutes.local.ai.EmbeddingService;
import org.llmroutes.local.ai.RerankService;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.nats.NatsSetup;
import org.llmroutes.platform.Platform;

/**
 * Real servers, real embeddings and a fake vLLM, with the product on top. One for the suite is
 * started with the first test that needs it; a test that breaks a server starts its own.
 */
public final class Stack implements AutoCloseable {
  private static final BgeModel MODEL = new BgeModel();
  static final Path DATA =
      Project.root().resolve("tests/target/stack-" + ProcessHandle.current().pid());
  private static final AtomicInteger STARTED = new AtomicInteger();

  final NatsServer natsServer;
  final ValkeyServer valkey;
  final MilvusLite milvus;
  EmbeddingService embeddings = new EmbeddingService(MODEL, 0);
  RerankService reranker = new RerankService(MODEL, 0);
  final FakeVllm vllm = new FakeVllm(request -> FakeVllm.Reply.of("Hello", ", ", "world", "."));
  final Map<String, String> environment = new HashMap<>();
  final Settings settings;
  final Documents documents;
  final Connection nats;
  Platform platform;

  private static Stack shared;

  /** The stack that tests share; they keep out of each other's way by fresh users and ids. */
  static synchronized Stack shared() {
    if (shared == null) {
      shared = new Stack();
    }
    return shared;
  }

  private static synchronized void closeShared() {
    if (shared != null) {
      shared.close();
    }
  }

  /** Stops the shared stack at the end of the suite, where it was ever started. */
  public static final class AtTheEnd implements LauncherSessionListener {
    @Override
    public void launcherSessionClosed(LauncherSession session) {
      closeShared();
    }
  }

  Stack() {
    this(Project.root(), platform -> {});
  }

  /**
   * @param home the folder with the routes, Kamelets and configuration to run
   * @param beforeStart what is done to the platform before it starts
   */
  Stack(Path home, Consumer<Platform> beforeStart) {
    Path data = DATA.resolve("stack" + STARTED.getAndIncrement());
    natsServer = new NatsServer(data.resolve("nats"), 0);
    valkey = new ValkeyServer(data.resolve("valkey"), 0);
    milvus = new MilvusLite(data.resolve("milvus"), 0);
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
    // the suite's failures are on purpose, and no test may trip the breaker of the next one
    environment.put("VLLM_BREAKER_CALLS", "1000");
    settings = Settings.load(home, environment);
    documents = new Documents(settings);
    try {
      nats = Nats.connect(natsServer.url());
      NatsSetup.apply(nats, settings.path("config/nats"));
      documents.collection("documents");
      platform = new Platform(settings);
      beforeStart.accept(platform);
      platform.start();
    } catch (Exception e) {
      throw new IllegalStateException("The stack did not start", e);
    }
  }

  /** Starts the embedding service again where it was. */
  void reviveEmbeddings() {
    embeddings = new EmbeddingService(MODEL, embeddings.port());
  }

  /** Starts the reranker again where it was. */
  void reviveReranker() {
    reranker = new RerankService(MODEL, reranker.port());
  }

  @Override
  public void close() {
    platform.close();
    vllm.close();
    embeddings.close();
    reranker.close();
    milvus.close();
    valkey.close();
    natsServer.close();
  }
}
