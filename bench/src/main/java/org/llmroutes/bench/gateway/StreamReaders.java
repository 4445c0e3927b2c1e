package org.llmroutes.bench.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.llmroutes.bench.Latencies;

/** HTTP clients that read answers as they are written, all on one thread. */
final class StreamReaders implements AutoCloseable {
  private static final String CONTENT = "\"content\":\"";
  private static final int MOST = 4096;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http =
      vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(MOST));
  private final int port;

  /** What one client got: how long each token was on its way, in nanoseconds. */
  private static final class Reading {
    private final List<Long> delays = new ArrayList<>();
    private final StringBuilder line = new StringBuilder();

    /** The moment of each token that is complete. */
    void take(Buffer part) {
      long now = System.nanoTime();
      line.append(part.toString(StandardCharsets.US_ASCII));
      int begin = 0;
      for (int end = line.indexOf("\n"); end >= 0; end = line.indexOf("\n", begin)) {
        String text = line.substring(begin, end);
        int at = text.indexOf(CONTENT);
        if (at >= 0) {
          int from = at + CONTENT.length();
          delays.add(now - Long.parseLong(text.substring(from, text.indexOf('"', from))));
        }
        begin = end + 1;
      }
      line.delete(0, begin);
    }
  }

  /** How long tokens were on their way. */
  record Delays(Latencies first, Latencies every) {}

  StreamReaders(int port) {
    this.port = port;
  }

  /** All ask at the same time, and read their answers to the end. */
  Delays read(int streams, int rounds) throws Exception {
    List<Long> first = new ArrayList<>();
    List<Long> every = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      List<CompletableFuture<Reading>> all = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        all.add(readOne());
      }
      for (CompletableFuture<Reading> one : all) {
        List<Long> delays = one.get(2, TimeUnit.MINUTES).delays;
        first.add(delays.get(0));
        every.addAll(delays);
      }
    }
    return new Delays(Latencies.of(first), Latencies.of(every));
  }

  private CompletableFuture<Reading> readOne() {
    CompletableFuture<Reading> done = new CompletableFuture<>();
    Reading reading = new Reading();
    ask(
        (response, failure) -> {
          if (failure != null) {
            done.completeExceptionally(failure);
            return;
          }
          response.handler(reading::take);
          response.endHandler(end -> done.complete(reading));
          response.exceptionHandler(done::completeExceptionally);
        });
    return done;
  }

  /**
   * Goes away at the first token.
   *
   * @param left told the id of the request, and the moment
   */
  void leave(BiConsumer<String, Long> left) {
    ask(
        (response, failure) ->
            response.handler(
                part -> {
                  if (part.toString(StandardCharsets.US_ASCII).contains(CONTENT)) {
                    response.handler(null);
                    String id = response.getHeader("X-Request-Id");
                    left.accept(id, System.nanoTime());
                    response.request().connection().close();
                  }
                }));
  }

  private void ask(BiConsumer<HttpClientResponse, Throwable> then) {
    http.request(HttpMethod.POST, port, "127.0.0.1", "/api/chat")
        .compose(
            request ->
                request
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Accept", "text/event-stream")
                    .send("{\"message\": \"Count\", \"enable_rag\": false}"))
        .onComplete(answered -> then.accept(answered.result(), answered.cause()));
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
