package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.callout.AuthCallout;
import org.llmroutes.callout.GuardKeys;
import org.llmroutes.config.Settings;
import org.llmroutes.contract.Sha256;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.local.oidc.LocalIssuer;
import org.llmroutes.nats.NatsConnections;

/** Commands of users on a guarded NATS server, with the routes behind it. */
class GuardedStackTest {
  @TempDir private static Path folder;
  private static Stack stack;
  private static LocalIssuer issuer;
  private static Connection calloutConnection;
  private static AuthCallout callout;
  private static Map<String, String> services;

  private ProductCommand.Result result;

  @BeforeAll
  static void start() throws Exception {
    Path keys = folder.resolve("nats");
    Map<String, String> guard = GuardKeys.make(keys);
    stack = new Stack(Map.of("NATS_NKEY_FILE", keys.resolve("routes.nk").toString()), guard);
    issuer = new LocalIssuer(0, folder.resolve("issuer"), "secret", Duration.ofMinutes(5));
    Files.writeString(
        folder.resolve("keys.yaml"), "keys: [{sha256: " + Sha256.of("bobs-key") + ", user: bob}]");
    services = new HashMap<>(stack.environment);
    services.remove("NATS_NKEY_FILE");
    services.put("AUTH_METHODS", "keys,oidc");
    services.put("AUTH_KEYS_FILE", folder.resolve("keys.yaml").toString());
    services.put("AUTH_OIDC_ISSUER", issuer.url());
    services.put("AUTH_OIDC_AUDIENCE", LocalIssuer.AUDIENCE);
    services.put("LLM_ROUTES_LOGIN_FILE", folder.resolve("login.json").toString());
    calloutConnection =
        NatsConnections.connectEventually(
            stack.natsServer.url(),
            Map.of("NATS_NKEY_FILE", keys.resolve("callout.nk").toString()));
    callout =
        new AuthCallout(
            calloutConnection,
            Settings.load(Project.root(), services),
            GuardKeys.read(keys.resolve("issuer.nk")));
  }

  @AfterAll
  static void stop() throws Exception {
    callout.close();
    calloutConnection.close();
    issuer.close();
    stack.close();
  }

  @BeforeEach
  void answer() throws Exception {
    Files.deleteIfExists(folder.resolve("login.json"));
    stack.vllm.script(request -> Reply.of("You", " are", " known."));
  }

  private static ProductCommand command(Map<String, String> others) throws Exception {
    Path own = Files.createDirectories(folder.resolve(UUID.randomUUID().toString()));
    return new ProductCommand(own, services, others);
  }

  private void run(Map<String, String> others, String... arguments) throws Exception {
    result = command(others).run(arguments);
  }

  private static void logIn(String user) throws Exception {
    ProductCommand login = command(Map.of());
    Process process = login.start("login");
    Pattern told = Pattern.compile("(http\\S+)\\?user_code=(\\S+)");
    await().until(() -> told.matcher(Files.readString(login.output())).find());
    Matcher page = told.matcher(Files.readString(login.output()));
    assertThat(page.find()).isTrue();
    HttpRequest yes =
        HttpRequest.newBuilder(URI.create(page.group(1)))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                HttpRequest.BodyPublishers.ofString("user_code=" + page.group(2) + "&user=" + user))
            .build();
    HttpClient.newHttpClient().send(yes, HttpResponse.BodyHandlers.discarding());
    assertThat(login.result(process).output()).contains("Logged in as " + user);
  }

  @Test
  void askAsWhoIsLoggedIn() throws Exception {
    logIn("ada");

    run(Map.of(), "chat", "--no-rag", "--json", "Who am I?");

    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output()).contains("You are known.", "\"user_id\" : \"ada\"");
    run(Map.of(), "chat", "--no-rag", "--user", "bob", "Who am I?");
    assertThat(result.output()).contains("You are logged in as ada, not as bob");
    run(Map.of(), "logout");
    run(Map.of(), "chat", "--no-rag", "Who am I?");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.output()).startsWith("chat: ./dev login logs in");
  }

  @Test
  void seeTokensAsTheyComeAndCancelWithTheKey() throws Exception {
    stack.vllm.script(
        request -> Reply.of(Collections.nCopies(2000, "on ").toArray(String[]::new)).every(20_000));
    Map<String, String> key = Map.of("LLM_ROUTES_KEY", "bobs-key", "LLM_ROUTES_USER", "bob");
    ProductCommand chat = command(key);
    Process process = chat.start("chat", "--no-rag", "Go on");
    await().until(() -> Files.readString(chat.output()).contains("on on on"));

    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

    assertThat(chat.result(process).output())
        .contains("on on on")
        .doesNotContain("Nobody confirmed");
    await().until(() -> stack.vllm.abandoned() > 0);
  }

  @Test
  void areTheirsAlone() throws Exception {
    Map<String, String> key = Map.of("LLM_ROUTES_KEY", "bobs-key");
    // at once: the client library takes its time to tell that it is not let in
    ProductCommand another = command(key);
    Process asAnother = another.start("chat", "--user", "ada", "--no-rag", "Hello");
    ProductCommand operator = command(key);
    Process asOperator = operator.start("dlq", "list");
    run(key, "chat", "Hello");
    assertThat(result.output()).contains("--user or LLM_ROUTES_USER must say whose key");

    result = another.result(asAnother);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.output()).startsWith("chat: NATS does not let ada in: LLM_ROUTES_KEY");
    result = operator.result(asOperator);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.output()).contains("for operators", "NATS_NKEY_FILE").doesNotContain("\tat ");
  }

  @Test
  void followTheirPipelines() throws Exception {
    run(
        Map.of("LLM_ROUTES_KEY", "bobs-key"),
        "pipeline",
        "run",
        "unheard-of",
        "--user",
        "bob",
        "--json");

    assertThat(result.exit()).as(result.output()).isEqualTo(1);
    assertThat(result.output()).contains("\"status\":\"rejected\"", "\"user_id\":\"bob\"");
  }

  @Test
  void goOnWhenNatsComesBack() throws Exception {
    stack.vllm.script(
        request -> Reply.of(Collections.nCopies(150, "and ").toArray(String[]::new)).every(20_000));
    logIn("ada");
    ProductCommand chat = command(Map.of());
    Process process = chat.start("chat", "--no-rag", "Go on");
    await().until(() -> Files.readString(chat.output()).contains("and and"));

    stack.natsServer.stop();
    stack.natsServer.start();

    result = chat.result(process);
    assertThat(result.exit()).as(result.output()).isZero();
  }
}
