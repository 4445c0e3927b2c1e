package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.PlainHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.identity.Principals;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.tests.GatewayClient.Answered;
import org.llmroutes.tests.GatewayClient.Event;

/** Who asks at a gateway that takes the tokens of an OpenID Connect provider. */
class GatewayOidcTest {
  private static final String ISSUER = "homelab";
  private static final String AUDIENCE = "llm-routes";

  private static final MockOAuth2Server PROVIDER = new MockOAuth2Server();
  private static Stack stack;
  private static OwnGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    PROVIDER.start();
    stack = Stack.shared();
    gateway =
        new OwnGateway(
            stack.environment,
            Map.of(
                "AUTH_METHODS",
                "oidc",
                "AUTH_OIDC_ISSUER",
                PROVIDER.issuerUrl(ISSUER).toString(),
                "AUTH_OIDC_AUDIENCE",
                AUDIENCE));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    PROVIDER.shutdown();
  }

  @Test
  void knowsUsersAndTheirGroupsByTheirTokens() throws Exception {
    stack.vllm.script(request -> Reply.of("Yes."));

    assertThat(ask(token("ada@example.org", AUDIENCE, 300)).body())
        .containsEntry("user_id", "ada_40example_2Eorg");
    try (Connection nats = Nats.connect(stack.environment.get("NATS_URL"))) {
      assertThat(new Principals(nats, Duration.ofDays(1)).of("ada_40example_2Eorg"))
          .contains("group:staff", "group:hr");
    }
  }

  @Test
  void takesATokenWithManyGroups() throws Exception {
    List<String> groups =
        IntStream.range(0, 250).mapToObj("department-of-number-%04d"::formatted).toList();
    String token =
        PROVIDER
            .issueToken(
                ISSUER, "x", AUDIENCE, Map.of("preferred_username", "ada", "groups", groups))
            .serialize();
    assertThat(token.length()).isGreaterThan(8192);

    assertThat(client(token).get("/api/me").body()).containsEntry("groups", groups);
  }

  @Test
  void refusesTokensThatAreNotForIt() throws Exception {
    List<String> refused =
        List.of(
            token("ada", "another-service", 300),
            token("ada", AUDIENCE, -120),
            PROVIDER
                .issueToken("another-issuer", "x", AUDIENCE, Map.of("preferred_username", "ada"))
                .serialize(),
            PROVIDER.issueToken(ISSUER, "x", AUDIENCE, Map.of()).serialize(),
            unsigned(),
            "a.b.c",
            "no-token");
    for (String token : refused) {
      Answered answered = ask(token);
      assertThat(answered.status()).as(token).isEqualTo(401);
      assertThat(answered.error()).containsEntry("code", "unauthenticated");
    }
  }

  @Test
  void saysHowToBeKnown() throws Exception {
    GatewayClient nobody = client(null);

    assertThat(
            nobody
                .response(nobody.request("/api/requests/none").GET())
                .headers()
                .firstValue("WWW-Authenticate"))
        .contains("Bearer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Forwarded-User", "X-Remote-User", "X-Authenticated-User", "user_id"})
  void takesNoOtherHeaderForWhoAsks(String header) throws Exception {
    stack.vllm.script(request -> Reply.of("Yes."));
    GatewayClient ada = client(token("ada", AUDIENCE, 300));
    HttpRequest.Builder request =
        ada.chat(Map.of("message", "Who am I?", "enable_rag", false, "user_id", "bob"));

    assertThat(ada.send(request.header(header, "bob")).body()).containsEntry("user_id", "ada");
    assertThat(
            client(null)
                .send(client(null).chat(Map.of("message", "Who?")).header(header, "bob"))
                .status())
        .isEqualTo(401);
  }

  @Test
  void takesNoFieldOfAFormForWhoAsks() throws Exception {
    String boundary = "b0undary";
    String form =
        "--%s\r\nContent-Disposition: form-data; name=\"Authorization\"\r\n\r\nBearer %s\r\n--%s--\r\n"
            .formatted(boundary, token("bob", AUDIENCE, 300), boundary);
    for (String path : List.of("/api/chat", "/api/voice")) {
      HttpRequest.Builder request =
          client(null)
              .request(path)
              .header("Content-Type", "multipart/form-data; boundary=" + boundary)
              .POST(BodyPublishers.ofString(form));
      assertThat(client(null).response(request).statusCode())
          .as(path)
          .isGreaterThanOrEqualTo(400)
          .isLessThan(500);
    }
  }

  /** The JDK's client sends no header of this name twice. */
  @Test
  void takesNoTwoTokensAtOnce() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", client(null).port())) {
      String request =
          "GET /api/requests/none HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(token("ada", AUDIENCE, 300), token("bob", AUDIENCE, 300));
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

      assertThat(
              new BufferedReader(
                      new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                  .readLine())
          .contains(" 401 ");
    }
  }

  @Test
  void endsAStreamWithItsToken() throws Exception {
    stack.vllm.script(request -> Reply.of("one ", "two ", "three").hangAfter(1));
    // within the skew of clocks for two seconds more
    GatewayClient ada = client(token("ada", AUDIENCE, -58));

    // the turn itself does not hang for longer than the test
    List<Event> events =
        ada.ask(Map.of("message", "Tell me", "enable_rag", false, "timeout_ms", 5000));

    Event last = events.get(events.size() - 1);
    assertThat(last.type()).isEqualTo("error");
    assertThat(last.data().get("error")).asString().contains("unauthenticated");
  }

  private static String token(String user, String audience, long seconds) {
    return PROVIDER
        .issueToken(
            ISSUER,
            "3b1c9f",
            audience,
            Map.of("preferred_username", user, "groups", List.of("staff", "hr")),
            seconds)
        .serialize();
  }

  private static String unsigned() {
    return new PlainJWT(
            new PlainHeader.Builder().type(JOSEObjectType.JWT).build(),
            new JWTClaimsSet.Builder()
                .issuer(PROVIDER.issuerUrl(ISSUER).toString())
                .audience(AUDIENCE)
                .claim("preferred_username", "ada")
                .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                .build())
        .serialize();
  }

  private static Answered ask(String token) throws Exception {
    return client(token).post("/api/chat", Map.of("message", "Who am I?", "enable_rag", false));
  }

  private static GatewayClient client(String token) {
    return gateway.client(token);
  }
}
