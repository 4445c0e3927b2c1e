package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Subscription;
import java.net.Socket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.config.Settings;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.platform.Platform;
import org.llmroutes.tests.SocketClient.Frame;

/** WebSockets of a gateway with limits and keys, which loses NATS, credentials, or its own life. */
class GatewaySocketOutageTest {
  private static final int TOKENS = 100;

  private static final Stack STACK = Stack.shared();
  private static final Map<String, String> ENVIRONMENT = new HashMap<>(STACK.environment);

  private static Path keys;
  private static Cable cable;
  private static Platform gateway;

  private final List<SocketClient> clients = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    cable = new Cable(STACK.natsServer.port());
    keys = Files.createDirectories(STACK.data.resolve("sockets")).resolve("keys.yaml");
    ENVIRONMENT.put("NATS_URL", cable.url());
    ENVIRONMENT.put("ROUTES_ENABLED", "gateway");
    ENVIRONMENT.put("AUTH_METHODS", "keys");
    ENVIRONMENT.put("AUTH_KEYS_FILE", keys.toString());
    ENVIRONMENT.put("GATEWAY_SOCKETS_MAX", "3");
    ENVIRONMENT.put("GATEWAY_SOCKETS_MAX_TURNS", "2");
    KeysFile.write(keys, "ada-key: ada", "bob-key: bob");
    gateway = started(ENVIRONMENT);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    cable.close();
  }

  @BeforeEach
  void count() throws Exception {
    KeysFile.write(keys, "ada-key: ada", "bob-key: bob");
    STACK.vllm.script(
        request ->
            Reply.of(IntStream.range(0, TOKENS).mapToObj(i -> i + " ").toArray(String[]::new))
                .every(10_000));
  }

  @AfterEach
  void leave() {
    clients.forEach(SocketClient::close);
  }

  @Test
  void goesOnWithEveryAnswerOnceNatsIsBack() throws Exception {
    SocketClient client = connect("ada-key");
    List<String> ids = List.of(UUID.randomUUID().toString(), UUID.randomUUID().toString());
    ids.forEach(id -> client.send(chat(id)));
    List<Frame> frames = new ArrayList<>(client.until("token"));
    cable.cut();
    cable.mend();
    frames.addAll(client.until("response"));
    frames.addAll(client.until("response"));

    ids.forEach(id -> assertComplete(frames, id));
  }

  /** The request is reserved for its user, and then published. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void takesARequestThatNatsWasLostWith(int writes) throws Exception {
    SocketClient client = connect("ada-key");
    String id = UUID.randomUUID().toString();
    cable.cutAfter(writes);
    client.send(chat(id));
    await().until(cable::isCut);
    cable.mend();

    assertComplete(client.until("response"), id);
  }

  @Test
  void isResumedAtAnotherGatewayWhereItWasKilled() throws Exception {
    String id = UUID.randomUUID().toString();
    List<Frame> frames = new ArrayList<>();
    try (Instance killed = new Instance(STACK)) {
      killed.start("gateway");
      killed.awaitReady();
      SocketClient client = SocketClient.connect(killed.environment());
      clients.add(client);
      client.send(chat(id));
      frames.addAll(client.until("token"));
      killed.kill();
      assertThat(client.closed()).as("it had no time for a word").isEqualTo(1006);
      client.rest(frames);
    }

    SocketClient client = SocketClient.connect(STACK.environment);
    clients.add(client);
    client.resume(frames.get(frames.size() - 1));
    frames.addAll(client.until("response"));

    assertComplete(frames, id);
  }

  @Test
  void saysThatItGoesAway() throws Exception {
    Map<String, String> environment = new HashMap<>(ENVIRONMENT);
    SocketClient client;
    try (Platform ignored = started(environment)) {
      client = SocketClient.connect(environment, "Authorization", "Bearer ada-key");
    }

    assertThat(client.closed()).isEqualTo(1001);
  }

  @Test
  void isNotOpenedWithoutAGoodKey() {
    assertThat(refusal(null)).isEqualTo(401);
    assertThat(refusal("nobodys-key")).isEqualTo(401);
  }

  @Test
  void opensNoMoreThanItMay() throws Exception {
    for (int i = 0; i < 3; i++) {
      connect("ada-key");
    }
    assertThat(refusal("ada-key")).isEqualTo(503);

    clients.get(0).close();
    connect("bob-key");
  }

  @Test
  void worksOnNoMoreAnswersThanItMayButCancels() throws Exception {
    SocketClient client = connect("ada-key");
    List<String> ids = IntStream.range(0, 3).mapToObj(i -> UUID.randomUUID().toString()).toList();
    ids.forEach(id -> client.send(chat(id)));
    List<Frame> frames = client.until("error");
    Frame refused = frames.get(frames.size() - 1);
    assertThat(refused.requestId()).isEqualTo(ids.get(2));
    assertThat(refused.error())
        .containsEntry("code", "over_quota")
        .containsEntry("retryable", true);

    client.send(Map.of("type", "cancel", "request_id", ids.get(0)));
    client.send(Map.of("type", "cancel", "request_id", ids.get(1)));
    client.until("response");
    client.until("response");
    client.send(chat(ids.get(2)));
    assertComplete(client.until("response"), ids.get(2));
  }

  @Test
  void knowsNoRequestOfSomebodyElse() throws Exception {
    String id = UUID.randomUUID().toString();
    connect("ada-key").send(chat(id)).until("token");

    SocketClient bob = connect("bob-key");
    bob.send(Map.of("type", "resume", "request_id", id));
    assertThat(bob.next().error()).containsEntry("code", "not_found");
    bob.send(Map.of("type", "cancel", "request_id", id));
    assertThat(bob.next().error()).containsEntry("code", "not_found");
    bob.send(chat(id));
    assertThat(bob.next().error()).containsEntry("code", "rejected");
    assertThat(clients.get(0).until("response").stream().map(Frame::json))
        .last()
        .satisfies(response -> assertThat(response).containsEntry("finish_reason", "stop"));
  }

  /** Whose it is is known only once it has been looked up; the answer is under way by then. */
  @Test
  void isToldNothingOfARequestOfSomebodyElseMeanwhile() throws Exception {
    String id = UUID.randomUUID().toString();
    SocketClient bob = connect("bob-key");
    cable.holdLedger();
    bob.send(Map.of("type", "resume", "request_id", id));
    await().until(cable::isHolding);
    SocketClient owner = SocketClient.connect(STACK.environment);
    clients.add(owner);
    owner.send(chat(id)).until("response");
    cable.release();

    assertThat(bob.next().error()).containsEntry("code", "not_found");
  }

  @Test
  void isResumedWhereItWasWhileTheAnswerGoesOn() throws Exception {
    String id = UUID.randomUUID().toString();
    SocketClient first = connect("ada-key");
    List<Frame> frames = new ArrayList<>(first.send(chat(id)).until("token"));
    SocketClient second = connect("ada-key");
    cable.holdLedger();
    second.resume(frames.get(frames.size() - 1));
    await().until(cable::isHolding);
    first.until("response");
    cable.release();
    frames.addAll(second.until("response"));

    assertComplete(frames, id);
  }

  /** An HTTP client that goes away cancels, be its request not even published. */
  @Test
  void cancelsForWhoGoesAwayBeforeTheRequestIsPublished() throws Exception {
    String id = UUID.randomUUID().toString();
    String body = "{\"message\":\"Count\",\"enable_rag\":false,\"request_id\":\"" + id + "\"}";
    Subscription cancels = STACK.nats.subscribe("ai.cancel." + id);
    STACK.nats.flush(Duration.ofSeconds(10));
    cable.holdLedger();
    try (Socket client =
        new Socket("127.0.0.1", Integer.parseInt(ENVIRONMENT.get("GATEWAY_PORT")))) {
      client
          .getOutputStream()
          .write(
              ("POST /api/chat HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ada-key\r\n"
                      + "Content-Type: application/json\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.UTF_8));
      await().until(cable::isHolding);
    }
    cable.release();

    assertThat(cancels.nextMessage(Duration.ofSeconds(30))).as("the cancel").isNotNull();
  }

  @Test
  void endsWithItsCredentials() throws Exception {
    KeysFile.write(keys, "short-key: ada, expires: " + Instant.now().plusSeconds(4));
    SocketClient client = connect("short-key");
    assertThat(client.closed()).isEqualTo(1008);
    assertThat(refusal("short-key")).isEqualTo(401);
  }

  @Test
  void takesNothingForAKeyThatWasTakenAway() throws Exception {
    SocketClient client = connect("ada-key");
    KeysFile.write(keys, "bob-key: bob");
    client.send(chat(UUID.randomUUID().toString()));

    assertThat(client.next().error()).containsEntry("code", "unauthenticated");
    assertThat(client.closed()).isEqualTo(1008);
  }

  /** Where it listens is put into the environment. */
  private static Platform started(Map<String, String> environment) throws Exception {
    environment.put("GATEWAY_PORT", Integer.toString(Ports.free(0)));
    environment.put("LLM_ROUTES_PORT", Integer.toString(Ports.free(0)));
    Platform platform = new Platform(Settings.load(Project.root(), environment));
    platform.start();
    return platform;
  }

  /** Opens a connection; those of the last test may still be counted for a moment. */
  private SocketClient connect(String key) {
    return await()
        .ignoreException(CompletionException.class)
        .until(() -> open(key), Objects::nonNull);
  }

  private SocketClient open(String key) {
    SocketClient client =
        key == null
            ? SocketClient.connect(ENVIRONMENT)
            : SocketClient.connect(ENVIRONMENT, "Authorization", "Bearer " + key);
    clients.add(client);
    return client;
  }

  /** The status that a connection is refused with. */
  private int refusal(String key) {
    try {
      open(key);
    } catch (CompletionException e) {
      return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
    }
    throw new AssertionError("It is connected");
  }

  private static Map<String, Object> chat(String id) {
    return Map.of("type", "chat", "message", "Count", "request_id", id, "enable_rag", false);
  }

  /** Every token, once and in order, and the response. */
  private static void assertComplete(List<Frame> frames, String id) {
    List<Frame> own = frames.stream().filter(frame -> id.equals(frame.requestId())).toList();
    assertThat(
            own.stream()
                .filter(frame -> "token".equals(frame.type()))
                .map(frame -> (String) frame.json().get("content"))
                .collect(Collectors.joining()))
        .isEqualTo(IntStream.range(0, TOKENS).mapToObj(i -> i + " ").collect(Collectors.joining()));
    assertThat(Collections.frequency(own.stream().map(Frame::type).toList(), "response")).isOne();
  }
}
