package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llmroutes.config.Settings;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.platform.Platform;

/** One user at two gateways that know the same quota. */
class GatewayQuotaTest {
  private static final Map<String, Object> QUESTION =
      Map.of("message", "Tell me", "enable_rag", false);

  private static final List<Platform> GATEWAYS = new ArrayList<>();
  private static final List<GatewayClient> CLIENTS = new ArrayList<>();
  private static Stack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = Stack.shared();
    for (int i = 0; i < 2; i++) {
      Map<String, String> environment = new HashMap<>(stack.environment);
      environment.put("ROUTES_ENABLED", "gateway");
      environment.put("QUOTA_TURNS_AT_ONCE", "1");
      environment.put("GATEWAY_PORT", Integer.toString(Ports.free(0)));
      environment.put("LLM_ROUTES_PORT", Integer.toString(Ports.free(0)));
      Platform gateway = new Platform(Settings.load(Project.root(), environment));
      gateway.start();
      GATEWAYS.add(gateway);
      CLIENTS.add(new GatewayClient(environment, null));
    }
  }

  @AfterAll
  static void stop() {
    GATEWAYS.forEach(Platform::close);
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
    return statuses;
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
