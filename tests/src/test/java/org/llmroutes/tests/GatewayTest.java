package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.config.YamlFile;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.tests.GatewayClient.Answered;
import org.llmroutes.tests.GatewayClient.Event;

/** Turns over HTTP: JSON in, events or JSON out, everything else as it goes over NATS. */
class GatewayTest {
  private final Stack stack = Stack.shared();
  private final GatewayClient client = new GatewayClient(stack.environment, null);

  @Test
  void streamsTheAnswerAsEvents() throws Exception {
    stack.vllm.script(request -> Reply.of("A ", "heron", "."));

    List<Event> events = client.ask(Map.of("message", "What is it?", "enable_rag", false));

    assertThat(events.stream().map(Event::type).distinct())
        .containsExactly("start", "token", "done", "response");
    assertThat(events.get(1).id()).isEqualTo("1.1");
    assertThat(tokens(events)).isEqualTo("A heron.");
    assertThat(events.get(events.size() - 1).data())
        .containsEntry("success", true)
        .containsEntry("response", "A heron.")
        .containsEntry("user_id", "local");
  }

  @Test
  void answersWithJsonWhereNoEventsAreAskedFor() throws Exception {
    stack.vllm.script(request -> Reply.of("A heron."));

    Answered answered = client.post("/api/chat", Map.of("message", "What?", "enable_rag", false));

    assertThat(answered.status()).isEqualTo(200);
    assertThat(answered.body())
        .containsEntry("response", "A heron.")
        .containsEntry("request_id", answered.requestId());
    assertThat(client.get("/api/requests/" + answered.requestId()).body())
        .isEqualTo(answered.body());
  }

  @Test
  void cancelsWhatAClientWentAwayFrom() throws Exception {
    stack.vllm.script(
        request -> Reply.of(Collections.nCopies(2000, "on ").toArray(String[]::new)).every(5000));
    int abandoned = stack.vllm.abandoned();
    String id = UUID.randomUUID().toString();

    leaveAtToken(Map.of("message", "Go on", "request_id", id, "enable_rag", false));

    await().until(() -> stack.vllm.abandoned() > abandoned);
    await()
        .untilAsserted(
            () ->
                assertThat(client.get("/api/requests/" + id).body())
                    .containsEntry("finish_reason", "cancelled"));
  }

  @Test
  void goesOnWithAnAnswerWhereTheClientLeftIt() throws Exception {
    stack.vllm.script(
        request -> Reply.of(Collections.nCopies(100, "on ").toArray(String[]::new)).every(5000));
    String id = UUID.randomUUID().toString();
    List<Event> heard =
        leaveAtToken(
            Map.of("message", "Go on", "request_id", id, "enable_rag", false, "detach", true));

    List<Event> rest =
        client.events(
            client.request("/api/requests/" + id + "/events").header("Last-Event-ID", "1.3"),
            event -> {});

    assertThat(rest.get(0).id()).isEqualTo("1.4");
    assertThat(tokens(heard) + tokens(rest)).isEqualTo("on ".repeat(100));
    assertThat(rest.get(rest.size() - 1).data()).containsEntry("response", "on ".repeat(100));
    List<Event> again =
        client.events(client.request("/api/requests/" + id + "/events"), event -> {});
    assertThat(tokens(again)).isEqualTo("on ".repeat(100));
  }

  @Test
  void stopsARequestThatIsCancelled() throws Exception {
    stack.vllm.script(
        request -> Reply.of(Collections.nCopies(2000, "on ").toArray(String[]::new)).every(5000));
    String id = UUID.randomUUID().toString();

    List<Event> events =
        client.events(
            client.chat(Map.of("message", "Go on", "request_id", id, "enable_rag", false)),
            event -> {
              if ("1.4".equals(event.id())) {
                assertThat(cancelled(id).status()).isEqualTo(202);
              }
            });

    assertThat(events.get(events.size() - 1).data()).containsEntry("finish_reason", "cancelled");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json | {\"message\": | 400 | invalid_message",
        "application/json | [1] | 400 | invalid_message",
        "application/json | {\"message\": \"a\"} {} | 400 | invalid_message",
        "application/json | {\"message\": \"\"} | 400 | invalid_message",
        "application/json | {\"message\": \"a\", \"request_id\": \"a b\"} | 400 | invalid_message",
        "application/json | {} | 400 | invalid_message",
        "text/plain | hello | 415 | invalid_message",
      })
  void refusesWhatIsNoRequest(String type, String body, int status, String code) throws Exception {
    Answered answered =
        client.send(
            client
                .request("/api/chat")
                .header("content-type", type)
                .POST(BodyPublishers.ofString(body)));

    assertThat(answered.status()).isEqualTo(status);
    assertThat(answered.error()).containsEntry("code", code).containsEntry("retryable", false);
  }

  @Test
  void readsABodyNoFurtherThanItsLimit() throws Exception {
    Answered answered = client.post("/api/chat", Map.of("message", "a".repeat(600_000)));

    assertThat(answered.status()).isEqualTo(413);
    assertThat(answered.error()).containsEntry("code", "too_large");
  }

  @Test
  void knowsNoRequestOfSomebodyElse() throws Exception {
    stack.vllm.script(request -> Reply.of("Yours."));
    Map<String, Object> request = Client.request("Mine");
    new Client(stack.nats).ask(request);
    String id = (String) request.get("request_id");

    assertThat(client.get("/api/requests/" + id).status()).isEqualTo(404);
    assertThat(client.get("/api/requests/" + id + "/events").status()).isEqualTo(404);
    assertThat(cancelled(id).status()).isEqualTo(404);
    assertThat(client.post("/api/chat", Map.of("message", "Yours", "request_id", id)).status())
        .isEqualTo(422);
    assertThat(client.get("/api/requests/nobody").status()).isEqualTo(404);
  }

  /** A page that has its own name lead to this machine could otherwise ask in its reader's name. */
  @Test
  void isOpenToRequestsForThisMachineAlone() throws Exception {
    assertThat(statusFor("127.0.0.1:" + client.port())).isEqualTo("HTTP/1.1 404 Not Found");
    assertThat(statusFor("localhost")).isEqualTo("HTTP/1.1 404 Not Found");
    assertThat(statusFor("evil.example")).isEqualTo("HTTP/1.1 403 Forbidden");
    assertThat(statusFor("127.0.0.1.evil.example")).isEqualTo("HTTP/1.1 403 Forbidden");
  }

  private String statusFor(String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), client.port())) {
      String request = "GET /api/requests/nobody HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
          .readLine();
    }
  }

  @Test
  void servesPagesThatLoadAndRunNothingOfOthers() throws Exception {
    Path built = Project.root().resolve("web/dist");
    List<String> pages = new ArrayList<>(List.of("/"));
    try (Stream<Path> files = Files.walk(built)) {
      files
          .filter(file -> Files.isRegularFile(file) && !file.toString().endsWith(".gz"))
          .forEach(file -> pages.add("/" + built.relativize(file)));
    }

    for (String page : pages) {
      HttpResponse<String> answer =
          client.response(client.request(page).method("HEAD", BodyPublishers.noBody()));

      assertThat(answer.statusCode()).as(page).isEqualTo(200);
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
          .as(page)
          .contains("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
          .doesNotContain("unsafe-inline", "'unsafe-eval'", "*", "http:", "https:");
    }
  }

  @Test
  void believesTheCredentialsAndNotTheBody() throws Exception {
    stack.vllm.script(request -> Reply.of("Yes."));

    Answered answered =
        client.post("/api/chat", Map.of("message", "Who?", "user_id", "ada", "enable_rag", false));

    assertThat(answered.body()).containsEntry("user_id", "local");
  }

  @Test
  void countsTheDocumentsThatOneMayRead() throws Exception {
    String open = stack.documents.collectionOf("Herons eat fish.", "Yeast makes carbon dioxide.");
    stack.documents.put(open, "Salaries are paid monthly.", List.of("group:hr"), Map.of());
    String secret = stack.documents.collectionOf();
    stack.documents.put(secret, "Salaries are paid monthly.", List.of("group:hr"), Map.of());

    Map<String, Object> listed = client.get("/api/collections").body();
    List<Object> collections = List.copyOf((List<?>) listed.get("collections"));

    assertThat(collections)
        .contains(Map.of("name", open, "documents", 2))
        .noneMatch(collection -> collection.toString().contains(secret));
    assertThat(listed).containsEntry("complete", true);
  }

  @Test
  void describesEveryCallThatItTakes() throws Exception {
    JsonNode described =
        YamlFile.read(Project.root().resolve("config/openapi.yaml"), "openapi.yaml");
    Set<String> calls = new TreeSet<>();
    described
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        name -> {
                          if (!"parameters".equals(name)) {
                            calls.add(name + path.getKey());
                          }
                        }));
    Set<String> routes = new TreeSet<>();
    for (String name : List.of("gateway.camel.yaml", "openai.camel.yaml")) {
      for (JsonNode route : YamlFile.read(Project.root().resolve("routes/" + name), name)) {
        String uri = route.path("route").path("from").path("uri").asText();
        routes.add(uri.substring("http-turns:".length()));
      }
    }

    assertThat(calls).isEqualTo(routes);
    assertThat(client.text("/api/openapi.yaml")).startsWith("openapi: 3.1.0");
    assertThat(client.get("/api/schemas/chat-request.json").body())
        .containsEntry("title", "Chat request");
    assertThat(client.get("/api/schemas/no-such.json").status()).isEqualTo(404);
    assertThat(client.get("/api/schemas/..%2Fapplication.properties").status()).isEqualTo(404);
  }

  private Answered cancelled(String id) {
    try {
      return client.delete("/api/requests/" + id);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Closes the connection when the fourth event has come. */
  /** What was heard up to there; a token may come with its neighbours. */
  private List<Event> leaveAtToken(Map<String, Object> request) {
    List<Event> heard = new ArrayList<>();
    assertThatThrownBy(
            () ->
                client.events(
                    client.chat(request),
                    event -> {
                      heard.add(event);
                      if ("1.3".equals(event.id())) {
                        throw new UncheckedIOException(new IOException("gone"));
                      }
                    }))
        .isInstanceOf(UncheckedIOException.class);
    return heard;
  }

  private static String tokens(List<Event> events) {
    return events.stream()
        .filter(event -> "token".equals(event.type()))
        .map(event -> (String) event.data().get("content"))
        .collect(Collectors.joining());
  }
}
