package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.tests.GatewayClient.Answered;

/** Who asks at a gateway with API keys, and that nobody gets what is somebody else's. */
class GatewayIdentityTest {
  private static Stack stack;
  private static Path keys;
  private static OwnGateway gateway;

  /** A gateway alone, in front of the routes of the stack that the suite shares. */
  @BeforeEach
  void writeKeys() throws Exception {
    KeysFile.write(
        keys, "ada-key: ada", "bob-key: bob", "old-key: eve, expires: 2020-01-01T00:00:00Z");
  }

  @BeforeAll
  static void start() throws Exception {
    stack = Stack.shared();
    keys = Files.createDirectories(stack.data.resolve("identity")).resolve("keys.yaml");
    KeysFile.write(
        keys, "ada-key: ada", "bob-key: bob", "old-key: eve, expires: 2020-01-01T00:00:00Z");
    gateway =
        new OwnGateway(
            stack.environment, Map.of("AUTH_METHODS", "keys", "AUTH_KEYS_FILE", keys.toString()));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void knowsUsersByTheirKeys() throws Exception {
    stack.vllm.script(request -> Reply.of("Yes."));

    assertThat(ask("ada-key").body()).containsEntry("user_id", "ada");
    assertThat(ask("bob-key").body()).containsEntry("user_id", "bob");
  }

  @Test
  void tellsUsersWhoTheyAre() throws Exception {
    KeysFile.write(
        keys, "ada-key: ada, groups: [staff, hr]", "bob-key: bob, expires: 2100-01-01T00:00:00Z");

    assertThat(client("ada-key").get("/api/me").body())
        .containsEntry("user_id", "ada")
        .containsEntry("groups", List.of("hr", "staff"))
        .doesNotContainKey("expires_at")
        .extractingByKey("reads")
        .asInstanceOf(InstanceOfAssertFactories.list(String.class))
        .contains("user:ada", "group:hr", "group:staff", "public");
    assertThat(client("bob-key").get("/api/me").body())
        .containsEntry("user_id", "bob")
        .containsEntry("expires_at", "2100-01-01T00:00:00Z");
    assertThat(client(null).get("/api/me").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "web-key, X-OpenWebUI-User-Email, ada@example.org, ada_40example_2Eorg",
    "web-key, X-OpenWebUI-User-Id, 7f3c2a10-0000-4000-8000-00000000000a, 7f3c2a10-0000-4000-8000-00000000000a",
    "web-key, X-OpenWebUI-User-Name, Ada, web",
    "web-key, X-OpenWebUI-User-Role, admin, web",
    "ada-key, X-OpenWebUI-User-Email, bob@example.org, ada",
    "web-key, X-OpenWebUI-User-Id, bob, 401",
    "web-key, X-OpenWebUI-User-Email, bob, 401",
    "web-key, X-OpenWebUI-User-Email, '', 401",
    "web-key, X-OpenWebUI-User-Email, a b@example.org, 401",
    "web-key, X-OpenWebUI-User-Email, a@b@c, 401",
    "web-key, X-OpenWebUI-User-Email, LONG@example.org, 401",
  })
  void letsATrustedApplicationSayWhomItAsksFor(String key, String header, String value, String user)
      throws Exception {
    KeysFile.write(
        keys, "ada-key: ada, groups: [hr]", "web-key: web, groups: [hr], forwards-users: true");
    GatewayClient client = client(key);

    Answered me =
        client.send(
            client.request("/api/me").header(header, value.replace("LONG", "x".repeat(200))).GET());

    if ("401".equals(user)) {
      assertThat(me.status()).isEqualTo(401);
    } else {
      assertThat(me.body())
          .containsEntry("user_id", user)
          .containsEntry(
              "groups", user.equals("ada") || user.equals("web") ? List.of("hr") : List.of());
    }
  }

  @Test
  void takesOneForwardedUserAlone() throws Exception {
    KeysFile.write(keys, "web-key: web, forwards-users: true");
    GatewayClient client = client("web-key");
    HttpRequest.Builder request =
        client
            .request("/api/me")
            .header("X-OpenWebUI-User-Email", "ada@example.org")
            .header("X-OpenWebUI-User-Email", "bob@example.org")
            .GET();

    assertThat(client.send(request).status()).isEqualTo(401);
  }

  @Test
  void letsNobodyInWithoutAGoodKey() throws Exception {
    for (String key : new String[] {null, "", "nobodys-key", "old-key", "ada-key2"}) {
      Answered answered = ask(key);
      assertThat(answered.status()).as("key %s", key).isEqualTo(401);
      assertThat(answered.error()).containsEntry("code", "unauthenticated");
    }
  }

  @Test
  void takesAKeyAtOnceAndAwayAgain() throws Exception {
    stack.vllm.script(request -> Reply.of("Yes."));
    assertThat(ask("new-key").status()).isEqualTo(401);

    KeysFile.write(keys, "ada-key: ada", "bob-key: bob", "new-key: grace");
    assertThat(ask("new-key").body()).containsEntry("user_id", "grace");

    KeysFile.write(keys, "ada-key: ada", "bob-key: bob");
    assertThat(ask("new-key").status()).isEqualTo(401);
  }

  @Test
  void showsNobodyTheRequestOfSomebodyElse() throws Exception {
    stack.vllm.script(request -> Reply.of("Only for Ada."));
    String id = UUID.randomUUID().toString();
    Map<String, Object> request = Map.of("message", "Mine", "request_id", id, "enable_rag", false);
    client("ada-key").post("/api/chat", request);

    GatewayClient bob = client("bob-key");
    assertThat(bob.get("/api/requests/" + id).status()).isEqualTo(404);
    assertThat(bob.get("/api/requests/" + id + "/events").status()).isEqualTo(404);
    assertThat(bob.delete("/api/requests/" + id).status()).isEqualTo(404);
    assertThat(bob.post("/api/chat", request).status()).isEqualTo(422);
    assertThat(client("ada-key").get("/api/requests/" + id).body())
        .containsEntry("response", "Only for Ada.");
  }

  @Test
  void showsNobodyTheConversationOfSomebodyElse() throws Exception {
    stack.vllm.script(request -> Reply.of("Only for Ada."));
    String session = UUID.randomUUID().toString();
    client("ada-key")
        .post("/api/chat", Map.of("message", "Mine", "session_id", session, "enable_rag", false));

    GatewayClient bob = client("bob-key");
    assertThat(bob.get("/api/conversations/" + session).status()).isEqualTo(404);
    assertThat(bob.delete("/api/conversations/" + session).status()).isEqualTo(404);
    assertThat(bob.get("/api/conversations?limit=100").body().toString()).doesNotContain(session);
    assertThat(client("ada-key").get("/api/conversations/" + session).body().toString())
        .contains("Only for Ada.");
  }

  @Test
  void keepsAnIdForWhoeverAskedFirstEvenBeforeItIsAnswered() throws Exception {
    String id = UUID.randomUUID().toString();
    stack.vllm.script(
        request -> {
          try {
            Answered bob =
                client("bob-key").post("/api/chat", Map.of("message", "Yours", "request_id", id));
            return Reply.of("Bob got " + bob.status());
          } catch (Exception e) {
            return Reply.of(e.toString());
          }
        });

    Answered ada =
        client("ada-key")
            .post("/api/chat", Map.of("message", "Mine", "request_id", id, "enable_rag", false));

    assertThat(ada.body()).containsEntry("response", "Bob got 422");
  }

  @Test
  void isNotOpenToOtherMachines() {
    Map<String, String> open = Map.of("AUTH_METHODS", "open", "GATEWAY_HOST", "0.0.0.0");

    assertThatThrownBy(() -> new OwnGateway(stack.environment, open))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("auth.methods=open")
        .hasMessageContaining("0.0.0.0");
  }

  private static Answered ask(String key) throws Exception {
    return client(key).post("/api/chat", Map.of("message", "Who am I?", "enable_rag", false));
  }

  private static GatewayClient client(String key) {
    return gateway.client(key);
  }
}
