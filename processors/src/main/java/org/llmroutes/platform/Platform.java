package org.llmroutes.platform;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.nats.client.Connection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.Service;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.contract.Schemas;
import org.llmroutes.conversation.ConversationList;
import org.llmroutes.conversation.ConversationStore;
import org.llmroutes.gateway.Gateway;
import org.llmroutes.gateway.GatewayServer;
import org.llmroutes.gateway.Pages;
import org.llmroutes.gateway.StoredAnswers;
import org.llmroutes.identity.Principals;
import org.llmroutes.ingest.IngestionMeters;
import org.llmroutes.llm.OpenAiChatModel;
import org.llmroutes.metrics.CredentialMeters;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.AllowedHeaderFilterStrategy;
import org.llmroutes.nats.NatsConnections;
import org.llmroutes.nats.StreamMeters;
import org.llmroutes.nats.StreamsHealth;
import org.llmroutes.pipelines.Catalogue;
import org.llmroutes.pipelines.PipelineBridge;
import org.llmroutes.pipelines.PipelineEngine;
import org.llmroutes.pipelines.PipelineEngines;
import org.llmroutes.pipelines.PipelineRuns;
import org.llmroutes.pipelines.Statuses;
import org.llmroutes.pipelines.argo.ArgoEngine;
import org.llmroutes.pipelines.kubeflow.KubeflowEngine;
import org.llmroutes.pipelines.local.LocalEngine;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.retrieval.DocumentSearch;
import org.llmroutes.retrieval.HttpEmbeddings;
import org.llmroutes.retrieval.HttpReranker;
import org.llmroutes.retrieval.MilvusConnection;
import org.llmroutes.retrieval.ReadableCollections;
import org.llmroutes.speech.AudioStore;
import org.llmroutes.speech.HttpSpeechToText;
import org.llmroutes.speech.HttpTextToSpeech;
import org.llmroutes.speech.VoiceSessions;
import org.llmroutes.steps.KameletSteps;
import org.llmroutes.telemetry.Tracing;
import org.llmroutes.turn.Responses;
import org.llmroutes.turn.TurnLedger;
import org.llmroutes.turn.TurnMeters;
import org.llmroutes.turn.TurnOpening;
import org.llmroutes.turn.TurnsInWork;
import org.llmroutes.upload.Uploads;

/**
 * The running product: the clients that steps share, bound in the registry, and Camel with the
 * routes and Kamelets of the project.
 */
public final class Platform implements AutoCloseable {
  static {
    // Camel reads it once, when the first thread pool is made, and from nowhere else
    System.setProperty("camel.threads.virtual.enabled", "true");
  }

  private static final long ENDS_AFTER_ROUTES_SECONDS = 10;

  private final Main main = new Main();
  private final ProcessMetrics metrics = new ProcessMetrics();
  private final TurnsInWork turnsInWork = new TurnsInWork();
  private final Settings settings;
  private final Roles roles;
  private final Connection nats;
  private final MilvusConnection milvus;
  private final ConversationStore conversations;
  private final PipelineEngines engines;
  private final Runnable stopTracing;
  private final CountDownLatch traced = new CountDownLatch(1);

  /** Makes the clients; none of their services needs to be there yet. */
  public Platform(Settings settings) throws Exception {
    this(settings, connect(settings));
  }

  private Platform(Settings settings, Connection nats) throws Exception {
    this(settings, nats, engines(settings, nats));
  }

  private static Connection connect(Settings settings) throws Exception {
    return NatsConnections.connectEventually(
        PlatformServices.load(settings).natsUrl(), settings.environment());
  }

  /** What runs pipelines here, by the names that the catalogue uses. */
  private static Map<String, PipelineEngine> engines(Settings settings, Connection nats) {
    Map<String, PipelineEngine> engines = new HashMap<>();
    ArgoEngine.of(settings.environment()).ifPresent(argo -> engines.put("argo", argo));
    KubeflowEngine.of(settings.environment()).ifPresent(kfp -> engines.put("kubeflow", kfp));
    MilvusConnection milvus = new MilvusConnection(PlatformServices.load(settings).milvus());
    engines.put("local", new LocalEngine(settings, milvus, new Uploads(nats)));
    return engines;
  }

  /**
   * The same with other engines.
   *
   * @param engines what runs pipelines, by the names that the catalogue uses
   */
  public Platform(Settings settings, Map<String, PipelineEngine> engines) throws Exception {
    this(settings, connect(settings), engines);
  }

  private Platform(Settings settings, Connection nats, Map<String, PipelineEngine> engines)
      throws IOException {
    this.settings = settings;
    this.nats = nats;
    this.roles = Roles.of(settings);
    this.stopTracing = Tracing.start(settings);
    PlatformServices services = PlatformServices.load(settings);
    MsgpackCodec codec = new MsgpackCodec();
    milvus = new MilvusConnection(services.milvus());
    conversations =
        new ConversationStore(
            services.valkeyUrl(),
            settings.getInt("conversation.max-turns"),
            settings.getDuration("conversation.time-to-live"));
    main.bind("metrics", metrics.registry());
    main.bind("kameletSteps", new KameletSteps());
    main.bind("settings", settings);
    Schemas schemas = new Schemas(settings.path("config/schemas"));
    main.bind("schemas", schemas);
    main.bind("codec", codec);
    main.bind("nats", nats);
    main.bind("allowedHeaders", new AllowedHeaderFilterStrategy());
    main.bind("responses", new Responses(nats));
    TurnLedger ledger = new TurnLedger(nats, codec);
    main.bind("ledger", ledger);
    main.bind("turnOpening", new TurnOpening(nats, ledger, codec));
    main.bind("turnsInWork", turnsInWork);
    main.bind("conversations", conversations);
    DocumentCollection collections =
        new DocumentCollection(milvus, settings.getList("retrieval.unrestricted-collections"));
    main.bind("collections", collections);
    main.bind("readableCollections", new ReadableCollections(milvus, collections));
    main.bind("documents", new DocumentSearch(milvus, collections));
    main.bind("readableCollections", new ReadableCollections(milvus, collections));
    main.bind("embeddings", HttpEmbeddings.of(services.embeddings()));
    main.bind("reranker", new HttpReranker(services.reranker()));
    OpenAiChatModel llm = new OpenAiChatModel(services.llm());
    main.bind("llm", llm);
    if (roles.has("chat") || roles.has("voice")) {
      main.addMainListener(new FirstContacts(conversations::connectAhead, llm::connectAhead));
    }
    main.bind("stt", new HttpSpeechToText(services.whisper()));
    main.bind("tts", HttpTextToSpeech.of(services.tts()));
    main.bind("audio", new AudioStore(nats));
    main.bind("uploads", new Uploads(nats));
    main.bind("voiceSessions", new VoiceSessions(nats));
    this.engines = new PipelineEngines(engines);
    List<Service> served = new ArrayList<>();
    Principals principals = new Principals(nats, settings.getDuration("principals.max-age"));
    main.bind("principals", principals);
    served.add(principals);
    PipelineBridge bridge = bridge(schemas, codec);
    if (roles.has("pipeline")) {
      served.add(bridge);
    }
    if (roles.has("gateway")) {
      served.add(GatewayServer.of(settings));
      served.add(new Pages(settings));
      served.add(gateway(codec, ledger, principals));
    }
    served.add(new StreamMeters(nats, settings.path("config/nats")));
    served.add(new CredentialMeters(settings.environment()));
    showMetrics(served);
    List<HealthCheck> checks = healthChecks(services, settings);
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void afterConfigure(BaseMainSupport support) {
            register(support.getCamelContext(), checks);
            served.forEach(service -> serve(support.getCamelContext(), service));
          }

          @Override
          public void afterStart(BaseMainSupport support) {
            TracesEndpoint.serve(
                support.getCamelContext(), ServerAddress.ofHealth(settings.environment()).port());
          }
        });
    main.setDefaultPropertyPlaceholderLocation("false");
    main.setOverrideProperties(properties());
  }

  /** From the start on, so that rates can be told of the first event. */
  private void showMetrics(List<Service> served) {
    for (String role : List.of("chat", "voice")) {
      if (roles.has(role)) {
        TurnMeters.of(role);
      }
    }
    if (roles.has("pipeline")) {
      IngestionMeters.show();
    }
    served.stream()
        .filter(MeterBinder.class::isInstance)
        .forEach(part -> metrics.show((MeterBinder) part));
  }

  private Gateway gateway(MsgpackCodec codec, TurnLedger ledger, Principals principals) {
    Gateway gateway = new Gateway(settings, nats, codec, ledger, principals);
    main.bind("gateway", gateway);
    main.bind("conversationList", new ConversationList(conversations));
    main.bind("storedAnswers", new StoredAnswers(nats, codec));
    return gateway;
  }

  private PipelineBridge bridge(Schemas schemas, MsgpackCodec codec) {
    Catalogue catalogue = Catalogue.load(settings, schemas);
    PipelineRuns runs = new PipelineRuns(nats);
    Statuses statuses = new Statuses(nats, codec, runs);
    main.bind("pipelineEngines", engines);
    main.bind("catalogue", catalogue);
    main.bind("pipelineRuns", runs);
    main.bind("statuses", statuses);
    return new PipelineBridge(
        runs,
        statuses,
        catalogue,
        engines,
        settings.getDuration("pipelines.lease"),
        settings.getDuration("pipelines.unconfirmed-stop"));
  }

  private List<HealthCheck> healthChecks(PlatformServices services, Settings settings)
      throws IOException {
    List<HealthCheck> checks = new ArrayList<>();
    if (!"none".equals(services.reranker().protocol())) {
      checks.add(new ServiceHealth("reranker", services.reranker().url()));
    }
    Collections.addAll(
        checks,
        new StreamsHealth(nats, settings.path("config/nats")),
        new ServiceHealth("llm", services.llm().url()),
        new ServiceHealth("embeddings", services.embeddings().url()),
        new ServiceHealth("whisper", services.whisper().url()),
        new ServiceHealth("tts", services.tts().url()),
        new ServiceHealth("milvus", services.milvus().uri()),
        new ServiceHealth("valkey", services.valkeyUrl()));
    return checks;
  }

  private static void register(CamelContext context, List<HealthCheck> checks) {
    HealthCheckRegistry registry = HealthCheckRegistry.get(context);
    checks.forEach(registry::register);
  }

  /** Starts and stops with Camel. */
  private static void serve(CamelContext context, Service service) {
    try {
      context.addService(service);
    } catch (Exception e) {
      throw RuntimeCamelException.wrapRuntimeException(e);
    }
  }

  private Properties properties() throws IOException {
    Properties properties = settings.all();
    properties.setProperty(
        "camel.main.routesIncludePattern",
        roles.files(settings.path("routes")).stream()
            .map(file -> "file:" + file)
            .collect(Collectors.joining(",")));
    properties.setProperty("camel.component.kamelet.location", "file:" + settings.path("kamelets"));
    ServerAddress health = ServerAddress.ofHealth(settings.environment());
    properties.setProperty("camel.management.host", health.host());
    properties.setProperty("camel.management.port", Integer.toString(health.port()));
    return properties;
  }

  /** To be called before the start: routes and Kamelets are then served as they are edited. */
  public void watch() {
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeConfigure(BaseMainSupport support) {
            try {
              support
                  .getCamelContext()
                  .addStartupListener(new LiveReload(settings.path(""), roles));
            } catch (Exception e) {
              throw RuntimeCamelException.wrapRuntimeException(e);
            }
          }
        });
  }

  /** To be called before the start: done once the routes run. */
  public void afterStart(Runnable action) {
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void afterStart(BaseMainSupport support) {
            action.run();
          }
        });
  }

  /** Whether a turn is in work. */
  public boolean isBusy() {
    return turnsInWork.any();
  }

  /** Starts Camel; returns once the routes run, with or without the services behind them. */
  public CamelContext start() throws Exception {
    main.start();
    return main.getCamelContext();
  }

  /** Blocks until the process is asked to end. */
  public void run() throws Exception {
    if (Tracing.isOn()) {
      // Camel's own hook waits for the routes alone
      Runtime.getRuntime().addShutdownHook(new Thread(this::awaitTraces, "last-spans"));
    }
    main.run();
  }

  /** The process does not end before it has tried to hand on its last spans. */
  private void awaitTraces() {
    try {
      long routes = main.configure().getShutdownTimeout();
      traced.await(routes + ENDS_AFTER_ROUTES_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    main.stop();
    turnsInWork.close();
    engines.close();
    try {
      // first, so that a turn handed back says nothing more
      nats.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stopTracing.run();
    traced.countDown();
    conversations.close();
    milvus.close();
    metrics.close();
  }
}
