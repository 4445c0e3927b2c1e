package org.llmroutes.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llmroutes.testing.ScriptedService.body;
import static org.llmroutes.testing.ScriptedService.hanging;
import static org.llmroutes.testing.ScriptedService.saying;
import static org.llmroutes.testing.ScriptedService.status;
import static org.llmroutes.valkey.ValkeyClient.COMMANDS;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.config.Settings;
import org.llmroutes.config.ValkeySettings;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.local.ValkeyServer;
import org.llmroutes.local.ai.JsonServer;
import org.llmroutes.local.fake.FakeSpeech;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.local.oidc.LocalIssuer;
import org.llmroutes.nats.NatsSetup;
import org.llmroutes.pipelines.kubeflow.FakeKfp;
import org.llmroutes.progress.Progress;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.retrieval.EmbeddingSpace;
import org.llmroutes.retrieval.OldCollection;
import org.llmroutes.testing.Certificate;
import org.llmroutes.testing.Scratch;
import org.llmroutes.testing.ScriptedService;
import org.llmroutes.testing.ScriptedService.Fault;
import org.llmroutes.testing.TestMilvus;
import org.llmroutes.valkey.ValkeyClient;

/** Everything is well, or one part is broken, and its row says how and what to do. */
@Timeout(60)
class DoctorTest {
  private static final Path STREAMS = Project.root().resolve("config/nats");
  private static final String COLLECTION = "doctor";
  private static final Progress UNSEEN =
      new Progress() {
        @Override
        public void advanced(long done, long total) {}

        @Override
        public boolean cancelled() {
          return false;
        }
      };

  private static final NatsServer NATS = new NatsServer(Scratch.folder("nats"), 0);
  private static final ValkeyServer VALKEY = new ValkeyServer(Scratch.folder("valkey"), 0);
  private static final FakeVllm VLLM = new FakeVllm(request -> FakeVllm.Reply.of("Hello", "."));
  private static final FakeSpeech SPEECH = new FakeSpeech();
  private static final JsonServer ENCODERS = encoders(1, 0);
  private static final Map<String, String> ENVIRONMENT = new HashMap<>();

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    NATS.start();
    VALKEY.start();
    try (Connection nats = Nats.connect(NATS.url())) {
      NatsSetup.apply(nats, STREAMS);
    }
    new DocumentCollection(TestMilvus.connection())
        .ensure(COLLECTION, EmbeddingSpace.of("test-model", new float[] {1, 0}));
    ENVIRONMENT.put("ROUTES_ENABLED", "chat,voice,pipeline");
    ENVIRONMENT.put("LLM_ROUTES_PORT", "0");
    ENVIRONMENT.put("NATS_URL", NATS.url());
    ENVIRONMENT.put("VALKEY_URL", VALKEY.url());
    ENVIRONMENT.put("MILVUS_HOST", TestMilvus.settings().host());
    ENVIRONMENT.put("MILVUS_PORT", Integer.toString(TestMilvus.settings().port()));
    ENVIRONMENT.put("VLLM_URL", VLLM.baseUrl());
    ENVIRONMENT.put("EMBEDDINGS_URL", ENCODERS.url());
    ENVIRONMENT.put("EMBEDDINGS_MODEL", "test-model");
    ENVIRONMENT.put("RERANKER_URL", ENCODERS.url());
    ENVIRONMENT.put("WHISPER_URL", SPEECH.url());
    ENVIRONMENT.put("TTS_URL", SPEECH.url());
  }

  @AfterAll
  static void stop() {
    Stream.of(NATS, VALKEY).forEach(server -> server.close());
    VLLM.close();
    SPEECH.close();
    ENCODERS.close();
  }

  /** Makes this vector of every text, and thinks most of the first passage. */
  private static JsonServer encoders(float... vector) {
    JsonServer server = new JsonServer(0);
    server.on(
        "/v1/embeddings",
        request -> Map.of("data", List.of(Map.of("index", 0, "embedding", vector))));
    server.on(
        "/v1/rerank",
        request ->
            Map.of(
                "results",
                List.of(
                    Map.of("index", 0, "relevance_score", 0.9),
                    Map.of("index", 1, "relevance_score", 0.1))));
    return server;
  }

  @Test
  void saysThatAllIsWell() throws Exception {
    List<Finding> findings = look(Map.of(), 10, Doctor.parts().toArray(String[]::new));

    assertThat(findings).noneMatch(one -> one.state() == State.NOT_WELL);
    assertThat(findings.stream().filter(one -> one.state() == State.WELL).map(Finding::part))
        .contains(
            "settings",
            "machine",
            "nats",
            "streams",
            "consumers",
            "permissions",
            "dead-letters",
            "valkey",
            "milvus",
            "llm",
            "embeddings",
            "reranker",
            "whisper",
            "tts",
            "pipelines",
            "clock");
    assertThat(findings.stream().filter(one -> one.state() == State.NOT_USED).map(Finding::part))
        .contains("argo", "kubeflow", "keys", "oidc", "gateway", "routes");
  }

  @Test
  void asksOnlyWhatTheRolesUse() throws Exception {
    List<Finding> findings =
        look(Map.of("ROUTES_ENABLED", "pipeline"), 10, "llm", "whisper", "milvus", "valkey");

    assertThat(findings).hasSize(4).allMatch(one -> one.state() == State.NOT_USED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reranker", "whisper", "tts"})
  void saysWhatIsDoneWithoutOnPurpose(String part) throws Exception {
    String variable = part.toUpperCase(Locale.ROOT) + "_PROTOCOL";

    Finding finding = only(Map.of(variable, "none"), part);

    assertThat(finding.state()).isEqualTo(State.NOT_USED);
    assertThat(finding.found()).isEqualTo(variable + " is none");
  }

  @Test
  void saysThatNatsIsAwayOnce() throws Exception {
    List<Finding> findings =
        look(
            Map.of("NATS_URL", "nats://ada:hunter22@" + nowhere()),
            10,
            "nats",
            "streams",
            "dead-letters");

    assertThat(findings)
        .extracting(Finding::state)
        .containsExactly(State.NOT_WELL, State.NOT_ASKED, State.NOT_ASKED);
    assertThat(findings.get(0).found())
        .contains("nothing listens there")
        .doesNotContain("hunter22");
    assertThat(findings.get(0).advice()).contains("NATS_URL");
  }

  @Test
  void saysWhichStreamsAndConsumersAreNotAsDefined() throws Exception {
    try (NatsServer server = new NatsServer(Scratch.folder("nats"), 0)) {
      server.start();
      try (Connection nats = Nats.connect(server.url())) {
        NatsSetup.apply(nats, STREAMS);
        JetStreamManagement management = nats.jetStreamManagement();
        management.deleteStream("AI_VOICE");
        management.deleteConsumer("AI_PIPELINE", "pipeline-bridge");
        management.updateStream(
            StreamConfiguration.builder(management.getStreamInfo("AI_DLQ").getConfiguration())
                .maxAge(Duration.ofHours(1))
                .build());
        nats.jetStream().publish("ai.dlq.chat", new byte[1]);
        nats.jetStream().publish("ai.chat.user.ada.message", new byte[1]);
      }

      List<Finding> findings =
          look(Map.of("NATS_URL", server.url()), 10, "streams", "consumers", "dead-letters");

      assertRow(findings, "AI_VOICE", State.NOT_WELL, "not there", "setup");
      assertRow(findings, "AI_DLQ", State.NOT_WELL, "max_age from PT1H to PT336H", "setup");
      assertRow(findings, "AI_VOICE/voice-assistant", State.NOT_WELL, "not there", "setup");
      assertRow(findings, "AI_PIPELINE/pipeline-bridge", State.NOT_WELL, "not there", "setup");
      assertRow(findings, "AI_CHAT/chat-handler", State.WARNING, "nobody works", "ROUTES_ENABLED");
      assertRow(findings, "chat", State.WARNING, "1 waits", "dlq list");
      assertRow(findings, "AI_CHAT", State.WELL, "1 messages", "");
    }
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of(status(401), "refuses the credentials", "EMBEDDINGS_API_KEY"),
        Arguments.of(status(404), "the reason", "EMBEDDINGS_URL"),
        Arguments.of(status(503), "HTTP 503: the reason", "trouble of its own"),
        Arguments.of(redirect(), "HTTP 302", "EMBEDDINGS_URL"),
        Arguments.of(ScriptedService.dropped(), "cannot be reached", "EMBEDDINGS_URL"),
        Arguments.of(body("<html>Log in</html>"), "something else than JSON", "EMBEDDINGS_URL"),
        Arguments.of(body("{}"), "0 vectors", "EMBEDDINGS_PROTOCOL"),
        Arguments.of(
            saying(400, "\u001b[2J" + "x".repeat(10_000_000)), "refused", "EMBEDDINGS_MODEL"));
  }

  /** To where it is already. */
  private static Fault redirect() {
    return exchange -> {
      exchange.getResponseHeaders().set("Location", exchange.getRequestURI().toString());
      exchange.sendResponseHeaders(302, -1);
    };
  }

  static Stream<Fault> hangs() {
    return Stream.of(hanging(), ScriptedService.stalling());
  }

  @ParameterizedTest
  @MethodSource("hangs")
  void saysThatAServiceHangs(Fault fault) throws Exception {
    try (ScriptedService service =
        new ScriptedService("openai", "/v1/embeddings", request -> Map.of()).failing(fault)) {
      assertRow(
          look(Map.of("EMBEDDINGS_URL", service.url()), 1, "embeddings"),
          "call",
          State.NOT_WELL,
          "time",
          "--timeout");
    }
  }

  @ParameterizedTest
  @MethodSource("faults")
  void saysHowAServiceFails(Fault fault, String found, String advice) throws Exception {
    try (ScriptedService service =
        new ScriptedService("openai", "/v1/embeddings", request -> Map.of()).failing(2, fault)) {
      List<Finding> findings = look(Map.of("EMBEDDINGS_URL", service.url()), 10, "embeddings");

      assertRow(findings, "call", State.NOT_WELL, found, advice);
      assertThat(findings.get(0).found()).hasSizeLessThan(600);
    }
  }

  @Test
  void keepsSecretsThatAServiceRepeats() throws Exception {
    Path file = Files.writeString(folder.resolve("key"), "sk-of-the-file\n");
    Map<String, String> environment =
        Map.of("EMBEDDINGS_API_KEY", "sk-of-the-environment", "VLLM_API_KEY_FILE", file.toString());
    String echo = "Incorrect key sk-of-the-environment or sk-of-the-file at http://ada:pw@host/";
    try (ScriptedService service =
        new ScriptedService("openai", "/v1/embeddings", request -> Map.of())
            .failing(2, saying(400, echo))) {
      Map<String, String> all = new HashMap<>(environment);
      all.put("EMBEDDINGS_URL", service.url());

      assertThat(only(all, "embeddings").found())
          .contains("Incorrect key *** or *** at http://***@host/");
    }
  }

  @Test
  void saysThatTheLlmHasAnotherModel() throws Exception {
    List<Finding> findings = look(Map.of("VLLM_MODEL", "other"), 10, "llm");

    assertRow(findings, "model", State.WARNING, "fake-model", "VLLM_MODEL");
    assertRow(findings, "stream", State.WELL, "first token", "");
  }

  @Test
  void saysWhenVectorsAreOfAnotherModel() throws Exception {
    try (JsonServer others = encoders(1, 0, 0)) {
      List<Finding> findings = look(Map.of("EMBEDDINGS_URL", others.url()), 10, "milvus");

      assertRow(findings, "collection", State.WELL, "size 2", "");
      assertRow(findings, "model", State.NOT_WELL, "size 3", "EMBEDDINGS_MODEL");
    }
  }

  @Test
  void saysWhatIsWrongWithACollection() throws Exception {
    new OldCollection(TestMilvus.connection(), "doctor_old");

    assertRow(
        milvus("doctor_old", Map.of()), "readers", State.NOT_WELL, "nobody can read", "setup");
    assertRow(
        milvus("doctor_old", Map.of("RETRIEVAL_UNRESTRICTED_COLLECTIONS", "doctor_old")),
        "readers",
        State.WARNING,
        "everybody",
        "ingest");
    assertRow(
        milvus("doctor_none", Map.of()), "collection", State.NOT_WELL, "doctor_none", "setup");
    assertRow(
        milvus(
            "doctor",
            Map.of("MILVUS_HOST", "127.0.0.1", "MILVUS_PORT", Integer.toString(Ports.free(0)))),
        "connection",
        State.NOT_WELL,
        "nothing listens",
        "MILVUS_HOST");
  }

  @Test
  void saysWhereConversationsMayBeLost() throws Exception {
    try (ValkeyServer server = new ValkeyServer(Scratch.folder("valkey"), 0)) {
      server.start();
      Map<String, String> environment = Map.of("VALKEY_URL", server.url());
      try (ValkeyClient valkey = new ValkeyClient(ValkeySettings.at(server.url()))) {
        valkey.ask(COMMANDS.configSet("maxmemory", "100mb"));
        valkey.ask(COMMANDS.configSet("maxmemory-policy", "allkeys-lru"));
        valkey.ask(COMMANDS.configSet("appendonly", "no"));

        List<Finding> findings = look(environment, 10, "valkey");
        assertRow(findings, "memory", State.WARNING, "allkeys-lru", "volatile-ttl");
        assertRow(findings, "persistence", State.WARNING, "restart", "appendonly");

        valkey.ask(COMMANDS.configSet("requirepass", "s3cret"));
      }
      assertRow(
          look(environment, 10, "valkey"), "connection", State.NOT_WELL, "NOAUTH", "VALKEY_URL");
    }
    assertRow(
        look(Map.of("VALKEY_URL", "redis://" + nowhere()), 10, "valkey"),
        "connection",
        State.NOT_WELL,
        "nothing listens",
        "VALKEY_URL");
  }

  @Test
  void saysWhatKubeflowPipelinesLacks() throws Exception {
    try (FakeKfp kfp = new FakeKfp()) {
      List<Finding> findings = look(Map.of("KFP_URL", kfp.url()), 10, "kubeflow", "pipelines");
      assertRow(findings, "server", State.WELL, kfp.url(), "");
      Finding missing =
          findings.stream()
              .filter(one -> "kubeflow".equals(one.part()) && one.state() == State.NOT_WELL)
              .findFirst()
              .orElseThrow();
      assertThat(missing.found()).contains("no pipeline document-ingestion");
      assertRow(findings, "voice-pipeline", State.WELL, "runs on kubeflow", "");
    }
    assertRow(
        look(Map.of("KFP_URL", "http://" + nowhere()), 10, "kubeflow"),
        "server",
        State.NOT_WELL,
        "cannot be reached",
        "KFP_URL");
  }

  @Test
  void saysWhetherTheProviderCanBeUsed() throws Exception {
    try (LocalIssuer issuer = new LocalIssuer(0, folder, "secret", Duration.ofMinutes(1))) {
      assertRow(oidc(issuer.url(), Map.of()), "issuer", State.WELL, "signatures: 1", "");
      assertRow(
          oidc(issuer.url(), Map.of("AUTH_OIDC_ALGORITHMS", "ES256")),
          "keys",
          State.NOT_WELL,
          "ES256",
          "AUTH_OIDC_ALGORITHMS");
      assertRow(
          oidc(issuer.url().replace("127.0.0.1", "localhost"), Map.of()),
          "issuer",
          State.NOT_WELL,
          "issuer",
          "AUTH_OIDC_ISSUER");
    }
    assertRow(
        oidc("http://" + nowhere(), Map.of()),
        "issuer",
        State.NOT_WELL,
        "nothing listens",
        "AUTH_OIDC_ISSUER");
  }

  @ParameterizedTest
  @CsvSource({
    "-3600, NOT_WELL, 3600 s behind",
    "3600, NOT_WELL, ahead",
    "20, WARNING, ahead",
    "0, WELL, same"
  })
  void saysHowFarClocksAreApart(long seconds, State state, String found) throws Exception {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Instant.now().plusSeconds(seconds).atOffset(ZoneOffset.UTC));
    try (FixedAnswer issuer = FixedAnswer.http("200 OK\r\nDate: " + date, "{}")) {
      Map<String, String> environment = new HashMap<>(withOidc("http://" + issuer.host()));

      List<Finding> findings = look(environment, 10, "clock");

      assertRow(
          findings,
          "oidc",
          state,
          found.startsWith("3600") ? "behind" : found,
          state == State.WELL ? "" : "NTP");
    }
  }

  @Test
  void saysWhatIsWrongWithKeys() throws Exception {
    Path keys = folder.resolve("keys.yaml");
    Map<String, String> environment =
        Map.of(
            "ROUTES_ENABLED", "gateway", "AUTH_METHODS", "keys", "AUTH_KEYS_FILE", keys.toString());
    assertRow(look(environment, 10, "keys"), "file", State.NOT_WELL, "keys.yaml", "AUTH_KEYS_FILE");

    Files.writeString(keys, "keys:\n  - sha256: nonsense\n");
    assertRow(look(environment, 10, "keys"), "file", State.NOT_WELL, "sha256", "AUTH_KEYS_FILE");

    Files.writeString(
        keys,
        "keys:\n  - {sha256: %s, user: ada, expires: 2020-01-01T00:00:00Z}\n"
            .formatted("a".repeat(64)));
    assertRow(look(environment, 10, "keys"), "file", State.WARNING, "1 ended", "keys add");
  }

  @Test
  void saysWhichCredentialsEnd() throws Exception {
    Certificate certificate = new Certificate(folder, "ip:127.0.0.1");
    Path token = token(-60);

    List<Finding> findings =
        look(
            Map.of(
                "NATS_TLS_CA_FILE", certificate.pem().toString(),
                "KFP_TOKEN_FILE", token.toString(),
                "ARGO_TOKEN_FILE", token(60).toString(),
                "TTS_API_KEY_FILE", token(3600).toString(),
                "NATS_CREDS_FILE", token(7200).toString(),
                "VLLM_API_KEY_FILE", folder.resolve("none").toString()),
            10,
            "credentials");

    assertRow(findings, "nats-tls-ca", State.WELL, "it ends at", "");
    assertRow(findings, "kfp-token", State.NOT_WELL, "it ended at", token.toString());
    assertRow(findings, "argo-token", State.WARNING, "it ends at", "put a new one");
    // a kubelet renews such tokens each hour
    assertRow(findings, "tts-api-key", State.WELL, "it ends at", "");
    assertRow(findings, "nats-creds", State.WARNING, "it ends at", "put a new one");
    assertRow(findings, "vllm-api-key", State.NOT_WELL, "cannot be read", "name another");
  }

  /** A file with one that ends in so many seconds. */
  private Path token(long seconds) throws IOException {
    String claims = "{\"exp\": %d}".formatted(Instant.now().getEpochSecond() + seconds);
    return Files.writeString(
        folder.resolve("token" + seconds),
        "e30."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
            + ".c2ln");
  }

  @Test
  void saysThatTheGatewayIsAwayOrSomethingElse() throws Exception {
    try (FixedAnswer page =
        FixedAnswer.http("200 OK\r\nContent-Type: text/html", "<html>" + "x".repeat(10_000_000))) {
      Map<String, String> environment =
          Map.of(
              "ROUTES_ENABLED",
              "gateway",
              "GATEWAY_PORT",
              Integer.toString(Ports.free(0)),
              "GATEWAY_URL",
              "http://" + page.host(),
              "LLM_ROUTES_HOST",
              "127.0.0.1",
              "LLM_ROUTES_PORT",
              page.host().split(":")[1]);

      List<Finding> findings = look(environment, 10, "gateway", "routes");

      assertRow(findings, "here", State.NOT_WELL, "nothing listens", "GATEWAY_PORT");
      assertRow(findings, "browsers", State.NOT_WELL, "not the gateway", "GATEWAY_URL");
      assertRow(findings, "ready", State.NOT_WELL, "no instance of the routes", "LLM_ROUTES_PORT");
    }
  }

  @Test
  void doesNotWaitForWhatHangs() throws Exception {
    try (FixedAnswer silent = new FixedAnswer(null)) {
      Finding row = look(Map.of("NATS_URL", "nats://" + silent.host()), 1, "nats").get(0);

      assertThat(row.state()).isEqualTo(State.NOT_WELL);
      assertThat(row.found()).contains("not answered after 1 s");
    }
  }

  @Test
  void saysWhatNatsWantsAndLacks() throws Exception {
    Certificate certificate = new Certificate(folder, "ip:127.0.0.1");
    Path config =
        Files.writeString(
            folder.resolve("nats.conf"),
            """
            listen: "127.0.0.1:-1"
            ports_file_dir: "%s"
            max_payload: 100000
            authorization {user: ada, password: hunter22}
            tls {cert_file: "%s", key_file: "%s"}
            """
                .formatted(folder, certificate.pem(), certificate.key()));
    Process server =
        new ProcessBuilder(Project.installed("bin/nats-server").toString(), "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      Map<String, String> environment = new HashMap<>();
      environment.put("NATS_URL", "nats://127.0.0.1:" + port(server));
      assertRow(
          look(environment, 10, "nats"),
          "connection",
          State.NOT_WELL,
          "TLS certificate is not accepted",
          "NATS_TLS_CA_FILE");

      environment.put("NATS_TLS_CA_FILE", certificate.pem().toString());
      assertRow(
          look(environment, 10, "nats"),
          "connection",
          State.NOT_WELL,
          "does not let this in",
          "NATS_USER");

      environment.put("NATS_USER", "ada");
      environment.put("NATS_PASSWORD", "hunter22");
      List<Finding> findings = look(environment, 10, "nats");
      assertRow(findings, "connection", State.WELL, "NATS 2", "");
      assertRow(findings, "max_payload", State.NOT_WELL, "100000", "max_payload: 8388608");
      assertRow(findings, "jetstream", State.NOT_WELL, "", "jetstream");
    } finally {
      server.destroy();
    }
  }

  private String port(Process server) {
    Path ports = folder.resolve("nats-server_" + server.pid() + ".ports");
    String text =
        org.awaitility.Awaitility.await()
            .until(
                () -> Files.exists(ports) ? Files.readString(ports, StandardCharsets.UTF_8) : "",
                read -> read.contains("tls://"));
    return text.replaceAll("(?s).*tls://127.0.0.1:(\\d+).*", "$1");
  }

  private static Map<String, String> withOidc(String issuer) {
    return Map.of(
        "ROUTES_ENABLED", "gateway",
        "AUTH_METHODS", "oidc",
        "AUTH_OIDC_ISSUER", issuer,
        "AUTH_OIDC_AUDIENCE", "llm-routes");
  }

  private List<Finding> oidc(String issuer, Map<String, String> more) throws Exception {
    Map<String, String> environment = new HashMap<>(withOidc(issuer));
    environment.putAll(more);
    return look(environment, 10, "oidc");
  }

  private static String nowhere() {
    return "127.0.0.1:" + Ports.free(0);
  }

  private static List<Finding> milvus(String collection, Map<String, String> more)
      throws InterruptedException {
    return look(collection, more, 10, "milvus");
  }

  private static Finding only(Map<String, String> more, String part) throws InterruptedException {
    List<Finding> findings = look(more, 10, part);
    assertThat(findings).hasSize(1);
    return findings.get(0);
  }

  private static List<Finding> look(Map<String, String> more, int seconds, String... parts)
      throws InterruptedException {
    return look(COLLECTION, more, seconds, parts);
  }

  private static List<Finding> look(
      String collection, Map<String, String> more, int seconds, String... parts)
      throws InterruptedException {
    Map<String, String> environment = new HashMap<>(ENVIRONMENT);
    environment.putAll(more);
    Set<String> asked = new TreeSet<>(List.of(parts));
    return Doctor.look(
        Settings.load(Project.root(), environment),
        asked,
        collection,
        Duration.ofSeconds(seconds),
        UNSEEN);
  }

  private static void assertRow(
      List<Finding> findings, String name, State state, String found, String advice) {
    assertThat(findings)
        .filteredOn(one -> name.equals(one.name()))
        .first()
        .satisfies(
            row -> {
              assertThat(row.state()).as(row.toString()).isEqualTo(state);
              assertThat(row.found()).contains(found);
              assertThat(row.advice()).contains(advice);
            });
  }
}
