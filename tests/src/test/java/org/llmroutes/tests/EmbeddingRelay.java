package org.llmroutes.tests;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.llmroutes.local.ai.JsonServer;

/** Stands before an embedding service, remembers what was asked, and holds requests on demand. */
final class EmbeddingRelay extends JsonServer {
  private final HttpClient http = HttpClient.newHttpClient();
  private final String target;
  private final AtomicInteger requests = new AtomicInteger();
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private volatile int holdFrom = Integer.MAX_VALUE;
  private volatile CountDownLatch held;
  private volatile Predicate<String> refused = text -> false;

  EmbeddingRelay(String target) {
    super(0);
    this.target = target;
    handle(
        "/v1/embeddings",
        (request, exchange) -> {
          JsonNode answer = relay(request);
          send(exchange, answer.has("error") ? 413 : 200, answer);
        });
  }

  private JsonNode relay(JsonNode request) throws IOException, InterruptedException {
    request.path("input").forEach(text -> texts.add(text.asText()));
    if (requests.incrementAndGet() >= holdFrom) {
      held.await();
    }
    for (JsonNode text : request.path("input")) {
      if (refused.test(text.asText())) {
        return JSON.valueToTree(error("Validation", "the text is too much for it"));
      }
    }
    return JSON.readTree(
        http.send(
                HttpRequest.newBuilder(URI.create(target + "/v1/embeddings"))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(request)))
                    .build(),
                BodyHandlers.ofByteArray())
            .body());
  }

  /** Requests with this number or a higher one are answered once the latch is open. */
  void holdFrom(int number, CountDownLatch latch) {
    held = latch;
    holdFrom = number;
  }

  /** Requests with such a text are refused whole. */
  void refuse(Predicate<String> texts) {
    refused = texts;
  }

  int requests() {
    return requests.get();
  }

  List<String> texts() {
    return texts;
  }
}
