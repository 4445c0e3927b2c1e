package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** One user at two gateways that know the same quota. */
class GatewayQuotaTest {
  private static final Map<String, Object> QUESTION =
      Map.of("message", "Tell me", "enable_rag", false);

  /** With a file that is no audio. */
  private static final String FORM =
      "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF\r\n--b--\r\n";

  private static final List<OwnGateway> GATEWAYS = new ArrayList<>();
  private static final List<GatewayClient> CLIENTS = new ArrayList<>();
  private static Stack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = Stack.shared();
    for (String limit : List.of("TURNS_AT_ONCE", "TURNS_AT_ONCE", "TURNS_PER_MINUTE")) {
      OwnGateway gateway = new OwnGateway(stack.environment, Map.of("QUOTA_" + limit, "1"));
      GATEWAYS.add(gateway);
      CLIENTS.add(gateway.client(null));
    }
  }

  @AfterAll
  static void stop() {
    GATEWAYS.forEach(OwnGateway::close);
  }

  @Test
  void refusesMoreTurnsThanTheUserHasUntilOneEnds() throws Exception {
    stack.vllm.script(request -> Reply.of("one ", "two").hangAfter(1));
    GatewayClient first = CLIENTS.get(0);
    List<Integer> statuses = new ArrayList<>();

    assertThatThrownBy(
            () ->
                first.events(
                    first.chat(QUESTION),
                    event -> {
                      if (event.type().equals("token")) {
                        statuses.addAll(refusals());
                        throw new IllegalStateException("The client goes away");
                      }
                    }))
        .hasMessage("The client goes away");

    assertThat(statuses).containsExactly(429, 429);
    stack.vllm.script(request -> Reply.of("Yes."));
    await()
        .untilAsserted(
            () -> assertThat(CLIENTS.get(1).post("/api/chat", QUESTION).status()).isEqualTo(200));
  }

  private static List<Integer> refusals() {
    List<Integer> statuses = new ArrayList<>();
    for (String path : List.of("/api/chat", "/v1/chat/completions")) {
      try {
        HttpResponse<String> refused =
            CLIENTS.get(1).response(CLIENTS.get(1).json(path, question(path)));
        assertThat(refused.body()).contains("over_quota");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        statuses.add(refused.statusCode());
      } catch (IOException | InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    assertThat(refusalOfAFrame())
        .containsEntry("code", "over_quota")
        .extractingByKey("retry_after_s", as(InstanceOfAssertFactories.INTEGER))
        .isPositive();
    return statuses;
  }

  private static Map<String, Object> refusalOfAFrame() {
    try (SocketClient socket = SocketClient.connect(GATEWAYS.get(1).environment)) {
      Map<String, Object> frame = new HashMap<>(QUESTION);
      frame.put("type", "chat");
      return socket.send(frame).next().error();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "embeddings | {'model': 'any', 'input': 'Hello'}",
        "rerank | {'model': 'any', 'query': 'Hello', 'documents': ['Hello']}",
        "audio/speech | {'model': 'any', 'input': 'Hello', 'voice': 'alloy'}",
        "audio/transcriptions | a form"
      })
  void countsCallsOfModels(String path, String body) throws Exception {
    GatewayClient client = CLIENTS.get(2);
    List<Integer> statuses = new ArrayList<>();
    // three, since a minute may end meanwhile
    for (int i = 0; i < 3; i++) {
      HttpRequest.Builder call =
          body.startsWith("{")
              ? client.json("/v1/" + path, GatewayClient.parse(body.replace('\'', '"')))
              : client
                  .request("/v1/" + path)
                  .header("content-type", "multipart/form-data; boundary=b")
                  .POST(BodyPublishers.ofString(FORM));
      statuses.add(client.response(call).statusCode());
    }

    assertThat(statuses).contains(429);
  }

  private static Map<String, Object> question(String path) {
    return path.startsWith("/v1")
        ? Map.of(
            "model", "documents", "messages", List.of(Map.of("role", "user", "content", "Hello")))
        : QUESTION;
  }

  @Test
  void tellsTheUserOfIt() throws Exception {
    assertThat(CLIENTS.get(0).get("/api/me").body())
        .containsEntry("user_id", "local")
        .extractingByKey("limits")
        .asString()
        .contains("turns_at_once=1");
  }
}
