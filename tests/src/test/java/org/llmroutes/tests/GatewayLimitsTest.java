package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.tests.GatewayClient.Event;

/** Clients that send too much, too slowly, nonsense, or read nothing. */
class GatewayLimitsTest {
  private static final String JSON = "Content-Type: application/json";

  private static final int PIECES = 240;

  private static Stack stack;
  private static OwnGateway gateway;
  private static GatewayClient client;

  @BeforeAll
  static void start() throws Exception {
    stack = Stack.shared();
    gateway =
        new OwnGateway(
            stack.environment,
            Map.of(
                "GATEWAY_IDLE_TIMEOUT", "1s",
                "GATEWAY_BODIES_TIMEOUT", "1s",
                "GATEWAY_BODIES_MAX_BYTES", "1048576"));
    client = gateway.client(null);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static RawHttp connect() throws Exception {
    return new RawHttp(client.port());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET /api/openapi.yaml HTTP/1.1\r\nHost: localhost\r\n", "PRI"})
  void closesAConnectionWithoutAWholeHeader(String begun) throws Exception {
    try (RawHttp connection = connect()) {
      connection.send(begun);
      await().until(() -> !connection.takes("a"));
    }
  }

  @Test
  void closesAConnectionThatIsNotUsedAgain() throws Exception {
    try (RawHttp connection = connect()) {
      connection.request("GET /api/schemas/no-such.json");
      assertThat(connection.status()).isEqualTo(404);
      assertThat(connection.rest()).contains("not_found");
    }
  }

  @Test
  void waitsForABodyNoLongerThanItsTime() throws Exception {
    try (RawHttp connection = connect()) {
      connection.request("POST /api/chat", JSON, "Content-Length: 100").send("{");
      assertThat(connection.status()).isEqualTo(408);
      assertThat(connection.rest()).contains("\"code\":\"timeout\"");
    }
  }

  @Test
  void letsAnAnswerTakeItsTime() throws Exception {
    stack.vllm.script(
        request -> Reply.of(Collections.nCopies(30, "on ").toArray(String[]::new)).every(100_000));

    List<Event> events = client.ask(Map.of("message", "Go on", "enable_rag", false));

    assertThat(events.get(events.size() - 1).data()).containsEntry("response", "on ".repeat(30));
  }

  @Test
  void letsAWebSocketBeOpenForLong() throws Exception {
    stack.vllm.script(
        request -> Reply.of(Collections.nCopies(30, "on ").toArray(String[]::new)).every(100_000));
    try (SocketClient socket = SocketClient.connect(gateway.environment)) {
      socket.send(Map.of("type", "chat", "message", "Go on", "enable_rag", false));
      assertThat(socket.until("response")).isNotEmpty();
    }
  }

  @Test
  void refusesADeclaredBodyBeforeAnyOfItHasCome() throws Exception {
    try (RawHttp connection = connect()) {
      connection.request("POST /api/chat", JSON, "Content-Length: 524289");
      assertThat(connection.status()).isEqualTo(413);
      assertThat(connection.rest()).contains("too_large");
    }
  }

  @Test
  void readsABodyWithoutALengthNoFurtherThanTheLimit() throws Exception {
    try (RawHttp connection = connect()) {
      connection.request("POST /api/chat", JSON, "Transfer-Encoding: chunked");
      String chunk = "10000\r\n" + "a".repeat(0x10000) + "\r\n";
      int sent = 0;
      while (sent < 1000 && connection.takes(chunk)) {
        sent++;
      }
      assertThat(sent).isLessThan(1000);
    }
  }

  @Test
  void hasRoomForSoManyBodiesAtOnceAndNoMore() throws Exception {
    String audio = "a".repeat(1_500_000);
    try (RawHttp connection = connect()) {
      connection.request("POST /api/voice", "Content-Type: audio/wav", "Content-Length: 1500000");
      connection.takes(audio);
      assertThat(connection.status()).isEqualTo(503);
    }
    assertThat(client.post("/api/chat", Map.of("message", "a".repeat(300_000))).status())
        .isEqualTo(400);
  }

  /** A form can be sent from anywhere, and an open gateway takes it for the user's. */
  @Test
  void takesNothingFromPagesOfOthers() throws Exception {
    for (String origin : List.of("https://evil.example", "null")) {
      try (RawHttp connection = connect()) {
        connection.request(
            "POST /api/voice",
            "Origin: " + origin,
            "Content-Type: multipart/form-data; boundary=b",
            "Content-Length: 0");
        assertThat(connection.status()).isEqualTo(403);
      }
    }
  }

  @Test
  void asksForABodyWhoseClientWaitsToBeAsked() throws Exception {
    try (RawHttp connection = connect()) {
      connection.request("POST /api/chat", JSON, "Content-Length: 2", "Expect: 100-continue");
      assertThat(connection.status()).isEqualTo(100);
      connection.line();
      connection.send("{}");
      assertThat(connection.status()).isEqualTo(400);
    }
  }

  @Test
  void refusesTenThousandHeaders() throws Exception {
    try (RawHttp connection = connect()) {
      String[] headers = Collections.nCopies(10_000, "X-Many: header").toArray(String[]::new);
      try {
        connection.request("GET /api/openapi.yaml", headers);
      } catch (IOException e) {
        // it may hang up before all of them have come
      }
      assertThat(connection.status()).isIn(0, 431);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /api/requests/%00 | 404",
        "GET /api/requests/%zz | 400",
        "GET /api/requests/%c0%ae%c0%ae | 404",
        "GET /api/requests/a%2Fb | 404",
        "GET /api/../config/application.properties | 404",
        "GET /api/%2e%2e/%2e%2e/etc/passwd | 404",
        "GET /api/schemas/..%2f..%2fpom.xml | 404",
        "GET /api/schemas/%2e%2e%5capplication.properties | 404",
        "GET /api/chat/ | 404",
        "GET /nothing | 404",
        "GET nothing | 404",
        "OPTIONS * | 404",
        "GET /v1/nothing | 404",
        "BREW /nothing | 404",
      })
  void findsNothingByTricks(String line, int status) throws Exception {
    try (RawHttp connection = connect()) {
      connection.request(line, "Connection: close");
      assertThat(connection.status()).isEqualTo(status);
      assertThat(connection.rest())
          .containsIgnoringCase("Content-Type: application/json")
          .containsIgnoringCase("X-Request-Id: ")
          .contains("{\"error\":{");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /api/chat | 405 | Allow: POST",
        "PUT /api/requests/x | 405 | Allow: DELETE, GET, HEAD",
        "HEAD /api/requests/x/events | 405 | Allow: GET",
        "OPTIONS /api/requests/x | 204 | Allow: DELETE, GET, HEAD",
        "HEAD /api/openapi.yaml | 200 | content-type: application/yaml",
        "GET /v1/chat/completions | 405 | invalid_request_error",
      })
  void saysWhichMethodsAPathHas(String line, int status, String expected) throws Exception {
    try (RawHttp connection = connect()) {
      connection.request(line, "Connection: close");
      assertThat(connection.status()).isEqualTo(status);
      String rest = connection.rest();
      assertThat(rest).containsIgnoringCase(expected);
      if (line.startsWith("HEAD") || status == 204) {
        assertThat(rest.split("\n\n", 2)[1]).isBlank();
      }
    }
  }

  /** What has no room in the socket is not kept, but read again from the stream. */
  @Test
  void tellsASlowReaderEverything() throws Exception {
    String piece = "a".repeat(4000) + " ";
    stack.vllm.script(
        request -> Reply.of(Collections.nCopies(PIECES, piece).toArray(String[]::new)));
    String body = "{\"message\": \"Much\", \"enable_rag\": false, \"request_id\": \"%s\"}";
    String id = UUID.randomUUID().toString();
    body = body.formatted(id);
    try (RawHttp connection = connect()) {
      connection.request(
          "POST /api/chat",
          JSON,
          "Accept: text/event-stream",
          "Connection: close",
          "Content-Length: " + body.length());
      connection.send(body);
      await()
          .untilAsserted(
              () -> assertThat(client.get("/api/requests/" + id).body()).containsKey("response"));

      List<String> events = connection.rest().lines().toList();

      assertThat(
              events.stream()
                  .filter(line -> line.contains("\"type\":\"token\""))
                  .mapToLong(line -> line.length() - line.replace("aaaa", "").length())
                  .sum())
          .isEqualTo(PIECES * 4000);
      assertThat(events).containsOnlyOnce("event: response");
    }
  }
}
