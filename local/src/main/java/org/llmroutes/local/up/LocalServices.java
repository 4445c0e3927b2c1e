package org.llmroutes.local.up;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.llmroutes.local.LocalServer;
import org.llmroutes.local.MilvusLite;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.local.PrometheusServer;
import org.llmroutes.local.ValkeyServer;
import org.llmroutes.local.ai.BgeModel;
import org.llmroutes.local.ai.EmbeddingService;
import org.llmroutes.local.ai.LlmService;
import org.llmroutes.local.ai.RerankService;
import org.llmroutes.local.voice.EspeakService;
import org.llmroutes.local.voice.PythonService;
import org.llmroutes.local.voice.WhisperService;

/**
 * The servers and AI services of the platform on this machine. One that the environment names
 * already ({@code NATS_URL}, {@code VLLM_URL}, …) is used from there and not started.
 */
final class LocalServices implements AutoCloseable {

  private final UpState state;
  private final Map<String, String> given;
  private final boolean withVoice;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Map<PythonService, CompletableFuture<Void>> voices = new LinkedHashMap<>();
  private Map<String, String> guard = Map.of();
  private BgeModel bge;

  /**
   * @param given the environment of the caller
   * @param withVoice whether the speech services are wanted
   */
  LocalServices(UpState state, Map<String, String> given, boolean withVoice) {
    this.state = state;
    this.given = given;
    environment.putAll(ports(given));
    this.withVoice = withVoice;
  }

  /**
   * Has the NATS server be a guarded one.
   *
   * @param publicKeys by the names of its configuration
   */
  void guard(Map<String, String> publicKeys) {
    if (!given.getOrDefault("NATS_URL", "").isBlank()) {
      throw new IllegalStateException(
          Up.SECURE + " starts a NATS server of its own, so NATS_URL must not name one");
    }
    guard = publicKeys;
  }

  /**
   * Starts all of them; ports are the usual ones where those are free. The speech services may
   * still be starting when this returns.
   */
  void start() {
    Path data = Project.root().resolve(".dev/data");
    if (missing("whisper", "WHISPER_URL")) {
      voice("WHISPER", () -> new WhisperService(data.resolve("whisper"), 8083));
    }
    if (missing("espeak-ng", "TTS_URL")) {
      voice("TTS", () -> new EspeakService(data.resolve("espeak-ng"), 8084));
    }
    if (missing("NATS", "NATS_URL")) {
      NatsServer nats = server(new NatsServer(data.resolve("nats"), 4222, guard));
      use("NATS", "NATS_URL", nats.url());
    }
    if (missing("Valkey", "VALKEY_URL")) {
      use("Valkey", "VALKEY_URL", server(new ValkeyServer(data.resolve("valkey"), 6379)).url());
    }
    if (missing("Milvus", "MILVUS_HOST")) {
      MilvusLite milvus = server(new MilvusLite(data.resolve("milvus"), 19530));
      environment.put("MILVUS_HOST", milvus.host());
      use("Milvus", "MILVUS_PORT", Integer.toString(milvus.port()));
    }
    if (missing("embeddings", "EMBEDDINGS_URL")) {
      EmbeddingService service = service(() -> new EmbeddingService(bge(), 8081));
      use("embeddings", "EMBEDDINGS_URL", service.url());
    }
    if (missing("reranker", "RERANKER_URL")) {
      RerankService service = service(() -> new RerankService(bge(), 8082));
      use("reranker", "RERANKER_URL", service.url());
    }
    if (missing("LLM", "VLLM_URL")) {
      LlmService service = service(() -> new LlmService(bge(), 8000));
      use("LLM", "VLLM_URL", service.url() + "/v1");
    }
  }

  /**
   * Where the routes serve health, metrics and the gateway: on this machine alone, and where the
   * caller says.
   */
  private static Map<String, String> ports(Map<String, String> given) {
    return Map.of(
        "LLM_ROUTES_HOST",
        "127.0.0.1",
        "LLM_ROUTES_PORT",
        port(given, "LLM_ROUTES_PORT", 8080),
        "GATEWAY_PORT",
        port(given, "GATEWAY_PORT", 8088));
  }

  private static String port(Map<String, String> given, String variable, int usual) {
    String port = given.getOrDefault(variable, "");
    return port.isBlank() ? Integer.toString(Ports.free(usual)) : port.strip();
  }

  /** Waits for the speech services and tells of each; without them all but voice works. */
  void awaitVoices() {
    voices.forEach(
        (service, started) -> {
          try {
            started.join();
            tell(service.name(), service.url());
          } catch (CompletionException e) {
            String message = e.getCause().getMessage();
            tell(
                service.name(),
                "did not start, so voice does not work: "
                    + message.substring(message.lastIndexOf('\n') + 1));
          }
        });
  }

  /** Starts what looks at the routes, where the machine has it; without it all works as well. */
  void observe() {
    if (!PrometheusServer.isInstalled()) {
      tell("Prometheus", PrometheusServer.MISSING);
      return;
    }
    PrometheusServer prometheus =
        server(
            new PrometheusServer(
                Project.root().resolve(".dev/data/prometheus"),
                9090,
                environment.get("LLM_ROUTES_PORT"),
                Duration.ofSeconds(5)));
    tell("Prometheus", prometheus.url() + "/alerts");
  }

  /** The variables under which the product finds what was started here. */
  Map<String, String> environment() {
    return environment;
  }

  private boolean missing(String what, String variable) {
    String url = given.get(variable);
    if (url == null || url.isBlank()) {
      return true;
    }
    tell(what, url + " (from " + variable + ")");
    return false;
  }

  private void use(String what, String variable, String address) {
    environment.put(variable, address);
    tell(what, address);
  }

  private void tell(String what, String address) {
    state.tell("  %-12s %s".formatted(what, address));
  }

  private <T extends LocalServer> T server(T server) {
    started.push(server);
    run(server);
    return server;
  }

  private void run(LocalServer server) {
    server.start();
    state.started(server.name(), ProcessHandle.of(server.pid()).orElseThrow());
  }

  /**
   * Starts a speech service beside all others, where it is wanted: it takes its time and its
   * failure is no one else's.
   *
   * @param prefix of its variables
   */
  private void voice(String prefix, Supplier<PythonService> maker) {
    if (!withVoice) {
      environment.put(prefix + "_PROTOCOL", "none");
      tell(prefix.toLowerCase(Locale.ROOT), "not started (" + Up.NO_VOICE + ")");
      return;
    }
    PythonService service = maker.get();
    environment.put(prefix + "_URL", service.url());
    started.push(service);
    voices.put(
        service,
        CompletableFuture.runAsync(
            () -> run(service), start -> new Thread(start, service.name()).start()));
  }

  private <T extends AutoCloseable> T service(Supplier<T> maker) {
    T service = maker.get();
    started.push(service);
    return service;
  }

  private BgeModel bge() {
    if (bge == null) {
      bge = new BgeModel();
    }
    return bge;
  }

  @Override
  public void close() throws Exception {
    while (!started.isEmpty()) {
      started.pop().close();
    }
  }
}
