package org.llmroutes.local.training;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Clients of the product's gateway that ask one question after the other, in every way. */
final class TrainingClients {
  /** From documents and from none, streamed and whole, with a history that grows. */
  private static final List<String> QUESTIONS =
      List.of(
          "{\"message\": \"Which subject carries tokens?\", \"enable_rag\": false}",
          "{\"message\": \"Which subject carries tokens?\", \"session_id\": \"s%d\"}",
          "{\"message\": \"And which the response?\", \"session_id\": \"s%d\", \"enable_rag\": false}",
          "{\"message\": \"Which one?\", \"enable_streaming\": false}");

  private final Map<String, String> environment;
  private final HttpClient http;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * @param environment of the product
   */
  TrainingClients(Map<String, String> environment) {
    this.environment = environment;
    this.http = HttpClient.newBuilder().executor(threads).build();
  }

  void awaitReady(Process product, Duration within) throws IOException, InterruptedException {
    HttpRequest ready = request("LLM_ROUTES_PORT", "/observe/health/ready").build();
    long end = System.nanoTime() + within.toNanos();
    while (!answers(ready)) {
      if (System.nanoTime() > end || product.waitFor(50, TimeUnit.MILLISECONDS)) {
        throw new IOException("The product does not become ready");
      }
    }
  }

  private boolean answers(HttpRequest request) throws InterruptedException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * @param count clients at the same time
   */
  void ask(int count, Duration time) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    List<Future<?>> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int client = i;
      clients.add(threads.submit(() -> askUntil(end, client)));
    }
    for (Future<?> client : clients) {
      client.get(time.toMillis() + 60_000, TimeUnit.MILLISECONDS);
    }
    threads.shutdownNow();
  }

  private void askUntil(long end, int client) {
    for (int turn = client; System.nanoTime() < end; turn++) {
      String question = QUESTIONS.get(turn % QUESTIONS.size()).replace("%d", "" + turn / 12);
      HttpRequest request =
          request("GATEWAY_PORT", "/api/chat")
              .header("content-type", "application/json")
              .header("accept", turn % 2 == 0 ? "text/event-stream" : "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(question))
              .build();
      try {
        http.send(request, HttpResponse.BodyHandlers.discarding());
      } catch (IOException e) {
        throw new IllegalStateException("The product does not answer", e);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private HttpRequest.Builder request(String port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + environment.get(port) + path));
  }
}
