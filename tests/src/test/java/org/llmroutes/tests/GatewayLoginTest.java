package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import okhttp3.mockwebserver.RecordedRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** Logging in with a browser, and what its session may and may not do. */
class GatewayLoginTest {
  private static final String ISSUER = "homelab";
  private static final String FOREIGN = "https://chat.example.org";
  private static final Map<String, Object> QUESTION =
      Map.of("message", "Who am I?", "enable_rag", false);

  private static final MockOAuth2Server PROVIDER = new MockOAuth2Server();
  private static final HttpClient BROWSER = HttpClient.newHttpClient();
  private static Stack stack;
  private static GatewayClient client;
  private static OwnGateway gateway;
  @TempDir private static Path folder;
  private static Path secret;

  @BeforeAll
  static void start() throws Exception {
    PROVIDER.start();
    secret = folder.resolve("client-secret");
    stack = Stack.shared();
    Files.writeString(secret, "web-secret");
    gateway =
        new OwnGateway(
            stack.environment,
            Map.of(
                "AUTH_METHODS", "oidc",
                "AUTH_OIDC_ISSUER", PROVIDER.issuerUrl(ISSUER).toString(),
                "AUTH_OIDC_AUDIENCE", "llm-routes",
                "AUTH_LOGIN_CLIENT_ID", "web",
                "AUTH_LOGIN_CLIENT_SECRET_FILE", secret.toString(),
                "AUTH_LOGIN_SECRET", "0123456789abcdef0123456789abcdef",
                "GATEWAY_CORS_ORIGINS", FOREIGN));
    client = gateway.client(null);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    PROVIDER.shutdown();
  }

  @Test
  void leadsToTheProviderAndBackToWhereItBegan() throws Exception {
    HttpResponse<String> begun = get("/auth/login?return_to=/%23/chat%3Fa=b", null);

    assertThat(begun.statusCode()).isEqualTo(302);
    assertThat(location(begun).toString())
        .startsWith(PROVIDER.issuerUrl(ISSUER).toString())
        .contains("code_challenge_method=S256", "response_type=code", "nonce=", "state=");
    assertThat(setCookie(begun, "llm-routes-login-"))
        .containsIgnoringCase("; HttpOnly")
        .contains("; SameSite=Lax", "; Path=/auth/callback")
        .doesNotContain("Secure");

    HttpResponse<String> finished = finish(begun, 300);

    assertThat(finished.statusCode()).isEqualTo(302);
    assertThat(location(finished)).hasToString("/#/chat?a=b");
    assertThat(setCookie(finished, "llm-routes="))
        .containsIgnoringCase("; HttpOnly")
        .contains("; SameSite=Lax", "; Path=/", "; Max-Age=")
        .doesNotContain("ada");
    HttpResponse<String> me = get("/api/me", cookie(finished, "llm-routes="));
    assertThat(me.body()).contains("\"user_id\":\"ada\"", "group:hr");
  }

  @Test
  void showsTheSecretThatTheFileHasThen() throws Exception {
    Files.writeString(secret, "next-secret\n");
    try {
      assertThat(finish(get("/auth/login", null), 300).statusCode()).isEqualTo(302);

      String basic =
          Base64.getEncoder().encodeToString("web:next-secret".getBytes(StandardCharsets.UTF_8));
      RecordedRequest request = PROVIDER.takeRequest();
      while (!("Basic " + basic).equals(request.getHeader("Authorization"))) {
        request = PROVIDER.takeRequest();
      }
      assertThat(request.getPath()).endsWith("/token");
    } finally {
      Files.writeString(secret, "web-secret");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/",
        "//evil.example",
        "/%5Cevil.example",
        "/%09/evil.example",
        "%5C%5Cevil.example",
        "javascript:alert(1)",
        "/a%0D%0ASet-Cookie:b=c",
        "evil"
      })
  void leadsNowhereElse(String returnTo) throws Exception {
    assertThat(get("/auth/login?return_to=" + returnTo, null).statusCode()).isEqualTo(400);
  }

  @Test
  void logsPeopleInAndOutOfThePages() {
    enqueue(300);
    try (Browser browser = new Browser("http://127.0.0.1:" + client.port())) {
      browser.open("#/pipelines");
      browser.find("a.button[href^='/auth/login']").click();

      await().until(() -> browser.text(".who").equals("ada"));
      assertThat(browser.driver.getCurrentUrl()).endsWith("/#/pipelines");
      Object opened =
          browser.driver.executeAsyncScript(
              """
              const socket = new WebSocket(`ws://${location.host}/api/ws`);
              socket.onopen = () => arguments[0](true);
              socket.onerror = () => arguments[0](false);
              """);
      assertThat(opened).isEqualTo(true);
      browser.press("Log out");
      await().until(() -> !browser.text(".status").contains("ada"));
      browser.open("#/chat");
      assertThat(browser.find("a.button[href^='/auth/login']").getText()).isEqualTo("Log in");
    }
  }

  @Test
  void finishesOnlyWhatThisBrowserBegan() throws Exception {
    HttpResponse<String> begun = get("/auth/login", null);
    HttpResponse<String> other = get("/auth/login", null);
    URI callback = callback(begun, 300);

    assertThat(get(local(callback), null).statusCode()).isEqualTo(400);
    assertThat(get(local(callback), cookie(other, "llm-routes-login-")).statusCode())
        .isEqualTo(400);
    String renamed =
        cookie(begun, "llm-routes-login-").split("=")[0]
            + "="
            + cookie(other, "llm-routes-login-").split("=", 2)[1];
    assertThat(get(local(callback), renamed).statusCode()).isEqualTo(400);
    assertThat(get("/auth/callback?code=x", null).statusCode()).isEqualTo(400);

    String own = cookie(begun, "llm-routes-login-");
    assertThat(get(local(callback).replaceFirst("code=[^&]*", "code=guessed"), own).statusCode())
        .isEqualTo(401);
    enqueue(300);
    assertThat(get(local(callback), own).statusCode()).isEqualTo(302);
    // a code is good once
    assertThat(get(local(callback), own).statusCode()).isEqualTo(401);
  }

  @Test
  void saysWhyTheProviderLetsNobodyIn() throws Exception {
    HttpResponse<String> begun = get("/auth/login", null);
    String state = location(begun).getQuery().replaceFirst(".*state=([^&]*).*", "$1");

    HttpResponse<String> refused =
        get(
            "/auth/callback?error=access_denied&state=" + state,
            cookie(begun, "llm-routes-login-"));

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("access_denied");
  }

  @Test
  void takesNoSessionThatItDidNotMake() throws Exception {
    String session = session();
    int middle = session.length() / 2;
    char other = session.charAt(middle) == 'A' ? 'B' : 'A';

    for (String forged :
        List.of(
            "llm-routes=",
            "llm-routes=ada",
            "llm-routes={\"u\":\"ada\"}",
            session.substring(0, middle) + other + session.substring(middle + 1),
            session.substring(0, session.length() - 4))) {
      assertThat(get("/api/me", forged).statusCode()).as(forged).isEqualTo(401);
    }
  }

  @Test
  void letsNoOtherSiteActForTheBrowser() throws Exception {
    stack.vllm.script(request -> Reply.of("Yes."));
    String session = session();

    assertThat(client.response(chat(session)).statusCode()).isEqualTo(403);
    assertThat(
            client
                .response(
                    chat(session)
                        .header("X-Requested-With", "x")
                        .header("Origin", "https://evil.example"))
                .statusCode())
        .isEqualTo(403);
    assertThat(client.response(chat(session).header("X-Requested-With", "x")).statusCode())
        .isEqualTo(200);
    assertThat(
            client
                .response(
                    chat(session)
                        .header("X-Requested-With", "x")
                        .header("Origin", "http://127.0.0.1:" + client.port()))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void endsASession() throws Exception {
    String session = session();
    HttpRequest.Builder logout =
        client.request("/auth/logout").header("Cookie", session).POST(BodyPublishers.noBody());
    assertThat(client.response(logout).statusCode()).isEqualTo(403);

    HttpResponse<String> done = client.response(logout.header("X-Requested-With", "x"));

    assertThat(done.body()).contains("endsession", "client_id=web");
    assertThat(setCookie(done, "llm-routes=")).contains("Max-Age=0");
  }

  @Test
  void hasTheProviderVouchForASessionAgain() throws Exception {
    HttpResponse<String> finished = finish(get("/auth/login", null), 1);
    String first = cookie(finished, "llm-routes=");

    await()
        .untilAsserted(
            () ->
                assertThat(get("/api/me", first).headers().allValues("Set-Cookie"))
                    .anyMatch(cookie -> cookie.startsWith("llm-routes=")));

    // its provider takes the refresh token of the first cookie again, or its fresh session is known
    assertThat(get("/api/me", first).body()).contains("\"user_id\":\"ada\"");
  }

  @Test
  void letsPagesOfTheOriginsThatItNamesReadAnswers() throws Exception {
    HttpRequest.Builder preflight =
        client
            .request("/api/chat")
            .method("OPTIONS", BodyPublishers.noBody())
            .header("Access-Control-Request-Method", "POST");
    HttpResponse<String> allowed = client.response(preflight.copy().header("Origin", FOREIGN));
    assertThat(allowed.statusCode()).isEqualTo(204);
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).contains(FOREIGN);
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Credentials")).contains("true");
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
        .contains("Authorization", "X-Requested-With", "Last-Event-ID");

    for (String origin : List.of("https://evil.example", "null", FOREIGN + ".evil.example")) {
      assertThat(
              client.response(preflight.copy().header("Origin", origin)).headers().map().keySet())
          .as(origin)
          .noneMatch(name -> name.startsWith("access-control"));
    }
    HttpResponse<String> refused =
        client.response(client.request("/api/me").header("Origin", FOREIGN));
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).contains(FOREIGN);
  }

  private static String session() throws Exception {
    return cookie(finish(get("/auth/login", null), 300), "llm-routes=");
  }

  /** Logs in at the provider, and comes back. */
  private static HttpResponse<String> finish(HttpResponse<String> begun, long seconds)
      throws Exception {
    return get(local(callback(begun, seconds)), cookie(begun, "llm-routes-login-"));
  }

  private static URI callback(HttpResponse<String> begun, long seconds) throws Exception {
    HttpResponse<String> asked =
        BROWSER.send(HttpRequest.newBuilder(location(begun)).build(), BodyHandlers.ofString());
    URI callback = location(asked);
    enqueue(seconds);
    return callback;
  }

  /** What the provider says of whoever comes next with a code, good or not. */
  private static void enqueue(long seconds) {
    PROVIDER.enqueueCallback(
        new DefaultOAuth2TokenCallback(
            ISSUER,
            "3b1c9f",
            "JWT",
            List.of("web"),
            Map.of("preferred_username", "ada", "groups", List.of("hr")),
            seconds));
  }

  private static HttpRequest.Builder chat(String session) throws Exception {
    return client.chat(QUESTION).header("Cookie", session);
  }

  private static HttpResponse<String> get(String path, String cookie) throws Exception {
    HttpRequest.Builder request = client.request(path);
    return client.response(cookie == null ? request : request.header("Cookie", cookie));
  }

  private static String local(URI address) {
    return address.getRawPath() + "?" + address.getRawQuery();
  }

  private static URI location(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(302);
    return URI.create(response.headers().firstValue("Location").orElseThrow());
  }

  private static String setCookie(HttpResponse<String> response, String name) {
    return response.headers().allValues("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith(name))
        .findFirst()
        .orElseThrow();
  }

  private static String cookie(HttpResponse<String> response, String name) {
    return setCookie(response, name).split(";")[0];
  }
}
