package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llmroutes.config.Settings;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.nats.NatsSetup;
import org.llmroutes.platform.Platform;

/** Ready means that requests are served, not that a process runs. */
class ReadinessTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static Stack stack;

  @BeforeAll
  static void start() {
    stack = new Stack();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void isNotReadyWithoutItsConsumerAndRecoversOnceItIsThere() throws Exception {
    await().until(() -> ready().statusCode() == 200);

    stack.nats.jetStreamManagement().deleteConsumer("AI_CHAT", "chat-handler");

    await().until(() -> ready().statusCode() == 503);
    assertThat(ready().body()).contains("chat-handler does not exist");
    NatsSetup.apply(stack.nats, stack.settings.path("config/nats"));
    await().until(() -> ready().statusCode() == 200);
    assertThat(new Client(stack.nats).ask(Client.request("Served?")).response())
        .containsEntry("success", true);
  }

  @Test
  void isNotReadyWithoutAStreamItAnswersOn() throws Exception {
    await().until(() -> ready().statusCode() == 200);

    stack.nats.jetStreamManagement().deleteStream("AI_STREAMS");

    await().until(() -> ready().statusCode() == 503);
    assertThat(ready().body()).contains("AI_STREAMS");
    NatsSetup.apply(stack.nats, stack.settings.path("config/nats"));
    await().until(() -> ready().statusCode() == 200);
  }

  @Test
  void staysReadyWithoutAServiceThatAnswersCanDoWithout() throws Exception {
    stack.valkey.kill();

    await()
        .untilAsserted(
            () -> assertThat(details("valkey").path("reachable").asText()).isEqualTo("false"));
    assertThat(ready().statusCode()).isEqualTo(200);
    stack.valkey.start();
  }

  @Test
  void saysThatNatsIsAwayAtItsStartAndServesOnceItIsThere() throws Exception {
    try (NatsServer late = new NatsServer(Stack.DATA.resolve("late-nats"), 0)) {
      Map<String, String> environment = new HashMap<>(stack.environment);
      environment.put("NATS_URL", late.url());
      environment.put("GATEWAY_PORT", Integer.toString(Ports.free(0)));
      environment.put("LLM_ROUTES_PORT", Integer.toString(Ports.free(0)));
      try (Platform platform = new Platform(Settings.load(Project.root(), environment))) {
        platform.start();
        HttpResponse<String> before = ready(environment);
        assertThat(before.statusCode()).isEqualTo(503);
        assertThat(before.body()).contains("NATS does not answer");

        late.start();
        try (Connection nats = Nats.connect(late.url())) {
          NatsSetup.apply(nats, stack.settings.path("config/nats"));
          await().until(() -> ready(environment).statusCode() == 200);
          assertThat(new Client(nats).ask(Client.request("Late?")).response())
              .containsEntry("success", true);
        }
      }
    }
  }

  @Test
  void answersClientsThatOfferHttp2InTheVersionTheyAskedIn() throws Exception {
    assertThat(ready().version()).isEqualTo(HttpClient.Version.HTTP_1_1);
  }

  private static JsonNode details(String check) throws IOException, InterruptedException {
    for (JsonNode found : JSON.readTree(ready().body()).path("checks")) {
      if (check.equals(found.path("name").asText())) {
        return found.path("data");
      }
    }
    return JSON.missingNode();
  }

  private static HttpResponse<String> ready() throws IOException, InterruptedException {
    return ready(stack.environment);
  }

  private static HttpResponse<String> ready(Map<String, String> environment)
      throws IOException, InterruptedException {
    String port = environment.get("LLM_ROUTES_PORT");
    URI health = URI.create("http://127.0.0.1:" + port + "/observe/health/ready?data=true");
    HttpRequest request = HttpRequest.newBuilder(health).timeout(Duration.ofSeconds(10)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
