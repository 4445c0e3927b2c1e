package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** What an instance says of its work: one JSON object a line, and never what people say. */
class LogsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SAID = "Zwiebelfisch";
  private static Servers servers;
  private static HttpServer echo;
  private static Instance instance;

  @BeforeAll
  static void start() throws Exception {
    echo = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    echo.setExecutor(Executors.newCachedThreadPool());
    echo.createContext("/", LogsTest::refuse);
    echo.start();
    String url = "http://127.0.0.1:" + echo.getAddress().getPort();
    servers =
        new Servers(
            Project.root(), Map.of("LOG_FORMAT", "json", "RERANKER_URL", url, "TTS_URL", url));
    servers.documents.page("documents", SAID + ".md", SAID, SAID + " is a word of printers");
    servers.documents.page("documents", "other.md", SAID, SAID + " is a magazine's column");
    instance = new Instance(servers);
    instance.start();
    instance.awaitReady();
  }

  /** As servers do that say what is wrong with a request by showing it. */
  private static void refuse(com.sun.net.httpserver.HttpExchange exchange) throws IOException {
    String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    byte[] answer =
        JSON.writeValueAsBytes(Map.of("error", Map.of("message", "not this: " + asked)));
    exchange.sendResponseHeaders(asked.contains("top_n") ? 400 : 503, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  @AfterAll
  static void stop() {
    instance.close();
    servers.close();
    echo.stop(0);
  }

  private static List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(instance.output())) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private static List<JsonNode> turns(String requestId) throws IOException {
    return lines().stream()
        .filter(line -> "org.llmroutes.turns".equals(line.path("logger").asText()))
        .filter(line -> requestId.equals(line.path("request_id").asText()))
        .toList();
  }

  @Test
  void tellsOfEveryTurnInOneLineAndOfNothingThatWasSaid() throws Exception {
    servers.vllm.script(request -> Reply.of(SAID, " is", " here."));
    Map<String, Object> chat = Client.request("What is a " + SAID + "?");
    assertThat(new Client(servers.nats).ask(chat).response())
        .containsEntry("success", true)
        .containsEntry("degraded", List.of("rerank"));
    servers.speech.understand(words -> Map.of("text", SAID, "language", "english"));
    Map<String, Object> voice = Client.voiceRequest(SAID);
    assertThat(Client.ofVoice(servers.nats).ask(voice).response())
        .containsEntry("transcription", SAID)
        .containsEntry("degraded", List.of("tts"));
    servers.vllm.script(request -> Reply.failing(400, "I take no " + SAID));
    Map<String, Object> refused = Client.request("Refuse " + SAID);
    assertThat(new Client(servers.nats).ask(refused).error().toString()).contains(SAID);
    servers.vllm.script(request -> Reply.failing(503, "no room for " + SAID));
    Map<String, Object> failed = Client.request("Fail at " + SAID);
    failed.put("timeout_ms", 1500);
    assertThat(new Client(servers.nats).ask(failed).response()).containsEntry("success", false);
    servers.vllm.script(request -> Reply.of(SAID));
    refusedBeforeTheyAreRead();
    throughTheGateway();

    for (Map<String, Object> request : List.of(chat, voice, refused, failed)) {
      String id = (String) request.get("request_id");
      await().untilAsserted(() -> assertThat(turns(id)).hasSize(1));
      JsonNode turn = turns(id).get(0);
      assertThat(Instant.parse(turn.path("timestamp").asText())).isBefore(Instant.now());
      assertThat(turn.path("level").asText()).isEqualTo("INFO");
      assertThat(turn.path("outcome").asText()).isNotEmpty();
      assertThat(turn.at("/timings_ms/total").isIntegralNumber()).isTrue();
    }
    assertThat(lines().toString()).contains("step done without").doesNotContain(SAID);
  }

  private static void refusedBeforeTheyAreRead() throws Exception {
    Map<String, Object> wrong = Client.request(SAID);
    wrong.put("top_k", SAID);
    assertThat(new Client(servers.nats).ask(wrong).response()).containsEntry("success", false);
    long before = letters();
    servers.nats.jetStream().publish("ai.chat.user.ada.message", SAID.getBytes());
    await().until(() -> letters() > before);
  }

  private static long letters() throws Exception {
    return servers
        .nats
        .jetStreamManagement()
        .getStreamInfo("AI_DLQ")
        .getStreamState()
        .getMsgCount();
  }

  private static void throughTheGateway() throws Exception {
    GatewayClient client = new GatewayClient(instance.environment(), null);
    assertThat(client.post("/api/chat", Map.of("message", SAID)).status()).isEqualTo(200);
    assertThat(
            client.post("/api/chat", Map.of("message", SAID, SAID, SAID, "top_k", SAID)).status())
        .isEqualTo(400);
    assertThat(
            client
                .send(
                    client
                        .request("/api/chat")
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString("{\"message\": " + SAID)))
                .status())
        .isEqualTo(400);
    assertThat(client.get("/api/conversations/" + SAID + UUID.randomUUID()).status())
        .isGreaterThanOrEqualTo(400);
  }

  @Test
  void everyLineIsAnObject() throws Exception {
    assertThat(lines())
        .isNotEmpty()
        .allSatisfy(
            line -> {
              assertThat(line.path("timestamp").asText()).endsWith("Z");
              assertThat(line.path("level").asText()).isNotEmpty();
              assertThat(line.path("logger").asText()).isNotEmpty();
              assertThat(line.has("message")).isTrue();
            });
  }

  /** Also what ends it before it has begun. */
  @Test
  void saysWhyItDoesNotStartAsAnObject() throws Exception {
    ProductCommand command =
        new ProductCommand(
            Files.createDirectories(servers.data.resolve("unstarted")),
            servers.environment,
            Map.of("LLM_ROUTES_PORT", "a port"));

    ProductCommand.Result result = command.run("run");

    assertThat(result.exit()).isNotZero();
    assertThat(result.output().lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(JSON.readTree(line).path("timestamp").asText()).isNotEmpty())
        .anySatisfy(
            line ->
                assertThat(JSON.readTree(line).path("message").asText())
                    .contains("LLM_ROUTES_PORT"));
  }
}
