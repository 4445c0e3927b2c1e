package org.llmroutes.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.config.Settings;
import org.llmroutes.contract.Sha256;
import org.llmroutes.identity.Principals;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Project;
import org.llmroutes.nats.NatsConnections;
import org.llmroutes.nats.NatsSetup;
import org.llmroutes.testing.Refused;

/** A guarded nats-server and its callout, as clients with API keys see them. */
class GuardedNatsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private static Path folder;
  private static NatsServer server;
  private static Map<String, String> environment;
  private static Connection routes;
  private static AuthCallout callout;
  private static Connection calloutConnection;

  @BeforeAll
  static void start() throws Exception {
    Path keys = folder.resolve("keys");
    server = new NatsServer(folder.resolve("nats"), 0, GuardKeys.make(keys));
    server.start();
    environment = new HashMap<>();
    environment.put("AUTH_METHODS", "keys");
    environment.put("AUTH_KEYS_FILE", folder.resolve("keys.yaml").toString());
    know(Instant.parse("2020-01-01T00:00:00Z"), "ada: ada", "bob: bob", "late: eve EXPIRES");
    routes =
        NatsConnections.connect(
            server.url(), Map.of("NATS_NKEY_FILE", keys.resolve("routes.nk").toString()));
    NatsSetup.apply(routes, Project.root().resolve("config/nats"));
    open();
  }

  private static void open() throws Exception {
    Path keys = folder.resolve("keys");
    calloutConnection =
        NatsConnections.connectEventually(
            server.url(), Map.of("NATS_NKEY_FILE", keys.resolve("callout.nk").toString()));
    callout =
        new AuthCallout(
            calloutConnection,
            Settings.load(Project.root(), environment),
            GuardKeys.read(keys.resolve("issuer.nk")));
    calloutConnection.flush(PATIENCE);
  }

  @AfterAll
  static void stop() throws Exception {
    callout.close();
    calloutConnection.close();
    routes.close();
    server.close();
  }

  /** {@code KEY: USER}, where the key is {@code KEY-key}; EXPIRES behind it for one that ends. */
  private static void know(Instant end, String... lines) throws Exception {
    StringBuilder yaml = new StringBuilder("keys:\n");
    for (String line : lines) {
      String[] words = line.split(":? ");
      yaml.append("  - {sha256: \"" + Sha256.of(words[0] + "-key") + "\", user: " + words[1]);
      yaml.append(", groups: [staff]" + (words.length > 2 ? ", expires: \"" + end + "\"" : ""));
      yaml.append("}\n");
    }
    Files.writeString(folder.resolve("keys.yaml"), yaml);
  }

  /** A client of any kind, which is told of what is not permitted. */
  private static final class Outsider implements AutoCloseable {
    final List<String> errors = new CopyOnWriteArrayList<>();
    final List<Message> heard = new CopyOnWriteArrayList<>();
    final Connection connection;
    final Dispatcher dispatcher;

    Outsider(String user, String password) throws Exception {
      this(options(user, password).inboxPrefix("_INBOX_" + user + "."));
    }

    Outsider(Options.Builder options) throws Exception {
      connection =
          Nats.connect(
              options
                  .reconnectWait(Duration.ofMillis(100))
                  .connectionTimeout(Duration.ofSeconds(10))
                  .errorListener(
                      new ErrorListener() {
                        @Override
                        public void errorOccurred(Connection where, String error) {
                          errors.add(error);
                        }
                      })
                  .build());
      dispatcher = connection.createDispatcher(heard::add);
    }

    void flush() throws Exception {
      connection.flush(PATIENCE);
    }

    /** The stream that has taken it. */
    String publish(String subject) throws Exception {
      return connection.jetStream().publish(subject, new byte[1]).getStream();
    }

    @Override
    public void close() throws Exception {
      connection.close();
    }
  }

  private static Options.Builder options(String user, String password) {
    return new Options.Builder().server(server.url()).userInfo(user, password);
  }

  @Test
  void letsNackKeepStreamsAndNothingElse() throws Exception {
    Options.Builder seed =
        new Options.Builder()
            .server(server.url())
            .authHandler(
                Nats.staticCredentials(
                    null, Files.readString(folder.resolve("keys/nack.nk")).toCharArray()));
    try (Outsider nack = new Outsider(seed)) {
      NatsSetup.apply(nack.connection, Project.root().resolve("config/nats"));
      assertThat(nack.errors).isEmpty();

      nack.connection.subscribe("ai.chat.>");
      for (String subject :
          List.of(
              "ai.chat.user.ada.message",
              "$KV.principals.told.ada",
              "$JS.API.STREAM.DELETE.AI_CHAT",
              "$JS.API.STREAM.PURGE.AI_CHAT",
              "$JS.API.STREAM.MSG.GET.AI_CHAT",
              "$JS.API.DIRECT.GET.KV_principals",
              "$JS.API.CONSUMER.MSG.NEXT.AI_CHAT.chat-handler",
              "$JS.API.CONSUMER.DELETE.AI_CHAT.chat-handler")) {
        nack.connection.publish(subject, new byte[0]);
      }
      nack.flush();
      await().until(() -> nack.errors.size() == 9);
    }
  }

  @Test
  void letsARoleInAgainWithTheSeedThatItsFileHasThen() throws Exception {
    Path seed = folder.resolve("rotated.nk");
    Files.copy(folder.resolve("keys/routes.nk"), seed);
    try (Connection role =
        NatsConnections.connectEventually(
            server.url(), Map.of("NATS_NKEY_FILE", seed.toString()))) {
      // another user than before, so that what it may do tells who it is
      Files.writeString(seed, Files.readString(folder.resolve("keys/nack.nk")));

      Refused.awaitAfterReconnect(role, "ai.rotated");
    }
  }

  @Test
  void calloutIsReadyWhileItIsConnected() throws Exception {
    try (Connection connection =
            NatsConnections.connectEventually(
                server.url(),
                Map.of("NATS_NKEY_FILE", folder.resolve("keys/callout.nk").toString()));
        CalloutHealth health = new CalloutHealth(0, connection)) {
      assertThat(probe(health, "ready")).isEqualTo(200);

      connection.close();

      assertThat(probe(health, "ready")).isEqualTo(503);
      assertThat(probe(health, "live")).isEqualTo(200);
    }
  }

  private static int probe(CalloutHealth health, String kind) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + health.port() + "/observe/health/" + kind);
    return ((HttpURLConnection) uri.toURL().openConnection()).getResponseCode();
  }

  @Test
  void takesRequestsAndGivesTheOwnAnswers() throws Exception {
    try (Outsider ada = new Outsider("ada", "ada-key")) {
      ada.dispatcher.subscribe("ai.user.ada.>");
      assertThat(ada.publish("ai.chat.user.ada.message")).isEqualTo("AI_CHAT");
      assertThat(ada.publish("ai.voice.user.ada.request")).isEqualTo("AI_VOICE");
      assertThat(ada.publish("ai.pipeline.user.ada.trigger")).isEqualTo("AI_PIPELINE");
      Message stored =
          await()
              .until(
                  () ->
                      heardByRoutes(
                          "ai.cancel.>",
                          () -> ada.connection.publish("ai.cancel.user.ada.x", new byte[0])),
                  all -> !all.isEmpty())
              .get(0);
      assertThat(stored.getSubject()).isEqualTo("ai.cancel.user.ada.x");

      routes.publish("ai.user.ada.chat.response.x", new byte[2]);
      routes.publish("ai.user.bob.chat.response.x", new byte[2]);

      await().until(() -> !ada.heard.isEmpty());
      ada.flush();
      assertThat(ada.heard)
          .extracting(Message::getSubject)
          .containsExactly("ai.user.ada.chat.response.x");
      assertThat(ada.errors).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ">",
        "*",
        "ai.>",
        "ai.*.*.*",
        "ai.user.>",
        "ai.user.*.chat.response.*",
        "ai.user.bob.>",
        "ai.user.adam.>",
        "ai.chat.response.x",
        "ai.chat.response.stream.x",
        "ai.chat.user.ada.message",
        "ai.dlq.*",
        "_INBOX.>",
        "_INBOX_bob.>",
        "_INBOX_ad.>",
        "_R_.>",
        "$JS.>",
        "$JS.API.>",
        "$KV.turns.>",
        "$KV.principals.>",
        "$O.ai-audio.>",
        "$SYS.>",
        "$SYS.REQ.USER.AUTH"
      })
  void letsNobodyListenToWhatIsNotTheirs(String subject) throws Exception {
    try (Outsider ada = new Outsider("ada", "ada-key")) {
      ada.dispatcher.subscribe(subject);
      ada.flush();

      await().until(() -> !ada.errors.isEmpty());
      assertThat(ada.errors.get(0)).containsIgnoringCase("Permissions Violation for Subscription");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ai.chat.user.bob.message",
        "ai.chat.user.ada.bob.message",
        "ai.chat.user.ada.message.more",
        "ai.voice.user.bob.request",
        "ai.pipeline.trigger",
        "ai.pipeline.user.bob.trigger",
        "ai.cancel.x",
        "ai.cancel.user.bob.x",
        "ai.user.ada.chat.response.x",
        "ai.user.bob.chat.response.x",
        "ai.chat.response.x",
        "ai.chat.response.stream.x",
        "ai.dlq.chat",
        "_INBOX_bob.x",
        "$JS.API.INFO",
        "$JS.API.STREAM.NAMES",
        "$JS.API.STREAM.PURGE.AI_CHAT",
        "$JS.API.DIRECT.GET.AI_RESPONSES",
        "$JS.API.CONSUMER.CREATE.AI_CHAT",
        "$JS.ACK.AI_CHAT.chat-handler.1.1.1.1.1",
        "$KV.turns.x",
        "$KV.principals.set.ada",
        "$KV.principals.learnt.ada",
        "$O.ai-audio.C.x",
        "$SYS.REQ.USER.AUTH",
        "$SYS.REQ.SERVER.PING"
      })
  void letsNobodyPublishWhatIsNotTheirs(String subject) throws Exception {
    try (Outsider ada = new Outsider("ada", "ada-key")) {
      List<Message> heard =
          heardByRoutes(
              ">",
              () -> {
                ada.connection.publish(subject, new byte[0]);
                ada.flush();
              });

      await().until(() -> !ada.errors.isEmpty());
      assertThat(ada.errors.get(0)).containsIgnoringCase("Permissions Violation for Publish");
      assertThat(heard).isEmpty();
    }
  }

  /** The server acknowledges wherever a message asks for it, whatever its sender may do. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ai.cancel.x",
        "ai.cancel.user.bob.x",
        "ai.chat.user.bob.message",
        "ai.chat.response.x",
        "ai.dlq.chat",
        "$KV.principals.learnt.ada",
        "$JS.API.STREAM.PURGE.AI_CHAT",
        "$JS.API.STREAM.DELETE.AI_CHAT"
      })
  void sendsAcknowledgementsNowhereElse(String reply) throws Exception {
    try (Outsider ada = new Outsider("ada", "ada-key")) {
      List<Message> heard =
          heardByRoutes(
              ">",
              () -> {
                ada.connection.publish("ai.chat.user.ada.message", reply, new byte[3]);
                ada.connection.jetStream().publish("ai.chat.user.ada.message", new byte[3]);
              });

      assertThat(heard)
          .extracting(Message::getSubject)
          .allMatch(
              subject -> subject.equals("ai.chat.user.ada.message") || subject.startsWith("_R_."));
      assertThat(
              routes.jetStreamManagement().getStreamInfo("AI_CHAT").getStreamState().getMsgCount())
          .isPositive();
    }
  }

  interface Action {
    void run() throws Exception;
  }

  /** What a trusted client hears of what is done. */
  private static List<Message> heardByRoutes(String subject, Action action) throws Exception {
    List<Message> heard = new CopyOnWriteArrayList<>();
    Dispatcher listening = routes.createDispatcher(heard::add).subscribe(subject);
    routes.flush(PATIENCE);
    action.run();
    listening.drain(PATIENCE).get();
    return List.copyOf(heard);
  }

  /** All at once: the client library takes its connection timeout to tell. */
  @Test
  void letsNobodyInWithoutTheOwnKey() throws Exception {
    List<String[]> credentials =
        List.of(
            new String[] {"ada", "bob-key"},
            new String[] {"ada", "nobodys-key"},
            new String[] {"eve", "late-key"},
            new String[] {"ada", ""},
            new String[] {"", "nobodys-key"},
            new String[] {"routes", "r"},
            new String[] {});
    ExecutorService together = Executors.newCachedThreadPool();
    List<Future<?>> tried = new ArrayList<>();
    for (String[] shown : credentials) {
      Options.Builder options = new Options.Builder().server(server.url());
      if (shown.length > 0) {
        options.userInfo(shown[0], shown[1]);
      }
      tried.add(together.submit(() -> Nats.connect(options.build())));
    }
    for (Future<?> connect : tried) {
      assertThatThrownBy(connect::get).hasCauseInstanceOf(AuthenticationException.class);
    }
    together.shutdownNow();
  }

  @Test
  void takesAKeyAsTokenToo() throws Exception {
    Options options =
        new Options.Builder().server(server.url()).token("bob-key".toCharArray()).build();
    try (Connection bob = Nats.connect(options)) {
      bob.subscribe("ai.user.bob.>");
      bob.flush(PATIENCE);
      assertThat(bob.getLastError()).isNullOrEmpty();
    }
  }

  @Test
  void endsAConnectionWithItsKey() throws Exception {
    know(Instant.now().plusSeconds(3), "ada: ada", "bob: bob", "late: eve EXPIRES");
    try (Outsider eve = new Outsider("eve", "late-key")) {
      await().until(() -> eve.errors.stream().anyMatch(error -> error.contains("Expired")));
      await().until(() -> eve.errors.stream().anyMatch(error -> error.contains("Authorization")));
    }
  }

  @Test
  void notesTheGroupsThatACredentialNames() throws Exception {
    try (Outsider bob = new Outsider("bob", "bob-key")) {
      bob.flush();
    }
    assertThat(new Principals(routes, Duration.ofDays(1)).of("bob"))
        .containsExactly("user:bob", "group:staff", "public");
  }

  @Test
  void keepsConnectionsWhileTheCalloutIsAwayAndLetsNobodyIn() throws Exception {
    try (Outsider ada = new Outsider("ada", "ada-key")) {
      callout.close();
      calloutConnection.close();
      try {
        assertThatThrownBy(() -> Nats.connect(options("bob", "bob-key").build()))
            .isInstanceOf(IOException.class);
        ada.dispatcher.subscribe("ai.user.ada.>");
        ada.connection
            .jetStream()
            .publish("ai.chat.user.ada.message", "x".getBytes(StandardCharsets.UTF_8));
        assertThat(ada.errors).isEmpty();
      } finally {
        open();
      }
    }
    try (Outsider bob = new Outsider("bob", "bob-key")) {
      bob.flush();
      assertThat(Set.copyOf(bob.errors)).isEmpty();
    }
  }
}
