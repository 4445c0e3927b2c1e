package org.llmroutes.platform;

import io.nats.client.Connection;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.camel.Service;
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
import org.llmroutes.llm.OpenAiChatModel;
import org.llmroutes.metrics.CredentialMeters;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.AllowedHeaderFilterStrategy;
import org.llmroutes.nats.StreamDefinition;
import org.llmroutes.nats.StreamMeters;
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
import org.llmroutes.turn.Responses;
import org.llmroutes.turn.TurnLedger;
import org.llmroutes.turn.TurnOpening;
import org.llmroutes.turn.TurnTimeouts;
import org.llmroutes.turn.TurnsInWork;
import org.llmroutes.upload.Uploads;

/**
 * What steps share, by the names that routes and Kamelets have for it, and what serves beside the
 * routes. None of the services behind it needs to be there yet.
 */
final class Parts implements AutoCloseable {
  private final Map<String, Object> beans = new LinkedHashMap<>();
  private final List<Service> services = new ArrayList<>();
  private final List<Runnable> firstContacts = new ArrayList<>();
  private final Settings settings;
  private final Connection nats;
  private final MsgpackCodec codec = new MsgpackCodec();
  private final TurnsInWork turnsInWork = new TurnsInWork();
  private final MilvusConnection milvus;
  private final ConversationStore conversations;
  private final PipelineEngines engines;
  private final List<StreamDefinition> streams;

  Parts(Settings settings, Roles roles, Connection nats, Map<String, PipelineEngine> engines)
      throws IOException {
    PlatformServices addresses = PlatformServices.load(settings);
    this.settings = settings;
    this.nats = nats;
    this.milvus = new MilvusConnection(addresses.milvus());
    this.conversations =
        new ConversationStore(
            addresses.valkey(),
            settings.getInt("conversation.max-turns"),
            settings.getDuration("conversation.time-to-live"));
    this.engines = new PipelineEngines(engines);
    this.streams = StreamDefinition.readAll(settings.path("config/nats"));
    Schemas schemas = new Schemas(settings.path("config/schemas"));
    TurnLedger ledger = new TurnLedger(nats, codec);
    beans.put("settings", settings);
    beans.put("schemas", schemas);
    beans.put("ledger", ledger);
    turns(ledger);
    retrieval();
    models(addresses, roles);
    Principals principals = new Principals(nats, settings.getDuration("principals.max-age"));
    beans.put("principals", principals);
    services.add(principals);
    PipelineBridge bridge = bridge(schemas);
    if (roles.has("pipeline")) {
      services.add(bridge);
    }
    Map<String, Supplier<Optional<Instant>>> credentials =
        new TreeMap<>(CredentialMeters.inFiles(settings.environment()));
    if (roles.has("gateway")) {
      credentials.putAll(gateway(ledger, principals).credentials());
    }
    services.add(new StreamMeters(nats, streams));
    services.add(new CredentialMeters(credentials));
  }

  /** What runs pipelines here, by the names that the catalogue uses. */
  static Map<String, PipelineEngine> engines(Settings settings, Connection nats) {
    Map<String, PipelineEngine> engines = new HashMap<>();
    ArgoEngine.of(settings.environment()).ifPresent(argo -> engines.put("argo", argo));
    KubeflowEngine.of(settings.environment()).ifPresent(kfp -> engines.put("kubeflow", kfp));
    MilvusConnection milvus = new MilvusConnection(PlatformServices.load(settings).milvus());
    engines.put("local", new LocalEngine(settings, milvus, new Uploads(nats)));
    return engines;
  }

  private void turns(TurnLedger ledger) {
    beans.put("codec", codec);
    beans.put("nats", nats);
    beans.put("allowedHeaders", new AllowedHeaderFilterStrategy());
    beans.put("kameletSteps", new KameletSteps());
    beans.put("responses", new Responses(nats));
    beans.put("turnOpening", new TurnOpening(nats, ledger, codec));
    beans.put("turnsInWork", turnsInWork);
    beans.put(
        "turnTimeouts",
        new TurnTimeouts(
            settings.getDuration("turn.timeout.default"),
            settings.getDuration("turn.timeout.maximum")));
    beans.put("conversations", conversations);
    beans.put("audio", new AudioStore(nats));
    beans.put("uploads", new Uploads(nats));
    beans.put("voiceSessions", new VoiceSessions(nats));
  }

  private void retrieval() {
    DocumentCollection collections =
        new DocumentCollection(milvus, settings.getList("retrieval.unrestricted-collections"));
    beans.put("collections", collections);
    beans.put("readableCollections", new ReadableCollections(milvus, collections));
    beans.put("documents", new DocumentSearch(milvus, collections));
  }

  private void models(PlatformServices addresses, Roles roles) {
    OpenAiChatModel llm = new OpenAiChatModel(addresses.llm());
    beans.put("llm", llm);
    beans.put("embeddings", HttpEmbeddings.of(addresses.embeddings()));
    beans.put("reranker", new HttpReranker(addresses.reranker()));
    beans.put("stt", HttpSpeechToText.of(addresses.whisper()));
    beans.put("tts", HttpTextToSpeech.of(addresses.tts()));
    if (roles.has("chat") || roles.has("voice")) {
      firstContacts.add(conversations::connectAhead);
      firstContacts.add(llm::connectAhead);
    }
  }

  private PipelineBridge bridge(Schemas schemas) {
    Catalogue catalogue = Catalogue.load(settings, schemas);
    PipelineRuns runs = new PipelineRuns(nats);
    Statuses statuses = new Statuses(nats, codec, runs);
    beans.put("pipelineEngines", engines);
    beans.put("catalogue", catalogue);
    beans.put("pipelineRuns", runs);
    beans.put("statuses", statuses);
    return new PipelineBridge(
        runs,
        statuses,
        catalogue,
        engines,
        settings.getDuration("pipelines.lease"),
        settings.getDuration("pipelines.unconfirmed-stop"));
  }

  private Gateway gateway(TurnLedger ledger, Principals principals) {
    Gateway gateway = new Gateway(settings, nats, codec, ledger, principals);
    beans.put("gateway", gateway);
    beans.put("conversationList", new ConversationList(conversations));
    beans.put("storedAnswers", new StoredAnswers(nats, codec));
    services.add(GatewayServer.of(settings));
    services.add(new Pages(settings));
    services.add(gateway);
    return gateway;
  }

  /** By their names in the registry. */
  Map<String, Object> beans() {
    return beans;
  }

  /** What starts and stops with Camel, in this order. */
  List<Service> services() {
    return services;
  }

  /** What {@code config/nats} defines. */
  List<StreamDefinition> streams() {
    return streams;
  }

  /** What is connected to before the first turn needs it. */
  List<Runnable> firstContacts() {
    return firstContacts;
  }

  /** Whether a turn is in work. */
  boolean isBusy() {
    return turnsInWork.any();
  }

  /** Whether Milvus can be asked. */
  boolean reachesMilvus() {
    return milvus.connects();
  }

  /** Once the routes have ended. */
  @Override
  public void close() {
    engines.close();
    try {
      // first, so that a turn handed back says nothing more
      nats.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    conversations.close();
    milvus.close();
  }
}
