package org.llmroutes.bench.turns;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.llmroutes.local.ai.BgeModel;
import org.llmroutes.local.fake.FakeVllm;

/**
 * Fake AI services that do not think: an LLM, embeddings and a reranker on one port of 127.0.0.1
 * and one thread, as light as they can be, so that what is measured is the handler. Every answer is
 * made beforehand.
 */
public final class FakeServices implements AutoCloseable {
  /** What a poured token is. */
  public static final String WORD = " word";

  private static final int RERANKED = 20;
  private static final int POURED = 20;
  private static final Buffer POURED_TOKEN = Buffer.buffer(delta("content", WORD));

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Buffer wholeAnswer = Buffer.buffer();
  private final String embeddings;
  private final String order;
  private final Queue<Long> abandoned = new ConcurrentLinkedQueue<>();
  private volatile int tokens;
  private volatile int gapMillis;

  public FakeServices() throws Exception {
    wholeAnswer.appendString(delta("role", "assistant"));
    List.of("Hello", ", ", "world", ".")
        .forEach(token -> wholeAnswer.appendString(delta("content", token)));
    wholeAnswer.appendString(end(4));
    embeddings =
        new JsonObject()
            .put(
                "data",
                new JsonArray().add(new JsonObject().put("index", 0).put("embedding", vector(0))))
            .encode();
    JsonArray results = new JsonArray();
    for (int i = 0; i < RERANKED; i++) {
      results.add(new JsonObject().put("index", i).put("relevance_score", 1.0 / (i + 1)));
    }
    order = new JsonObject().put("results", results).encode();
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request.body().onSuccess(body -> answer(request.path(), request.response())))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get();
  }

  /** Answers from now on come token by token, each a space and the time at which it is sent. */
  void stream(int count, int everyMillis) {
    gapMillis = everyMillis;
    tokens = count;
  }

  /** Answers from now on come token by token, as fast as whoever reads takes them. */
  public void pour(int count) {
    gapMillis = 0;
    tokens = count;
  }

  /** Streams that were closed before their end, each with when. */
  public Queue<Long> abandoned() {
    return abandoned;
  }

  /** Answers from now on come whole. */
  void answerAtOnce() {
    tokens = 0;
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** A vector of the size of BGE-small's, always the same for the same seed. */
  static List<Float> vector(int seed) {
    Random random = new Random(seed);
    return IntStream.range(0, BgeModel.DIMENSION)
        .mapToObj(i -> (float) random.nextGaussian())
        .toList();
  }

  private void answer(String path, HttpServerResponse response) {
    if (path.endsWith("/chat/completions")) {
      response.putHeader("content-type", "text/event-stream; charset=utf-8").setChunked(true);
      if (tokens == 0) {
        response.end(wholeAnswer);
      } else if (gapMillis == 0) {
        response.write(delta("role", "assistant"));
        pour(response, tokens);
      } else {
        stream(response);
      }
      return;
    }
    response.putHeader("content-type", "application/json");
    if (path.endsWith("/embeddings")) {
      response.end(embeddings);
    } else if (path.endsWith("/rerank")) {
      response.end(order);
    } else if (path.endsWith("/models")) {
      response.end("{\"data\": [{\"id\": \"" + FakeVllm.MODEL + "\"}]}");
    } else {
      response.end("{}");
    }
  }

  /** Each token in a write of its own, some at a time, so that streams take turns. */
  private void pour(HttpServerResponse response, int left) {
    int now = left;
    if (left == tokens) {
      response.closeHandler(closed -> abandoned.add(System.nanoTime()));
    }
    for (int i = 0; i < POURED && now > 0 && !response.writeQueueFull(); i++) {
      response.write(POURED_TOKEN);
      now--;
    }
    int rest = now;
    if (response.closed()) {
      return;
    } else if (rest == 0) {
      response.closeHandler(null);
      response.end(end(tokens));
    } else if (response.writeQueueFull()) {
      response.drainHandler(drained -> pour(response, rest));
    } else {
      vertx.runOnContext(next -> pour(response, rest));
    }
  }

  private void stream(HttpServerResponse response) {
    response.write(delta("role", "assistant"));
    int[] left = {tokens};
    vertx.setPeriodic(
        gapMillis,
        timer -> {
          response.write(delta("content", " " + System.nanoTime()));
          if (--left[0] == 0) {
            vertx.cancelTimer(timer);
            response.end(end(tokens));
          }
        });
  }

  private static String delta(String field, String value) {
    return "data: {\"model\":\"%s\",\"choices\":[{\"index\":0,\"delta\":{\"%s\":\"%s\"},\"finish_reason\":null}]}\n\n"
        .formatted(FakeVllm.MODEL, field, value);
  }

  private static String end(int sent) {
    return """
    data: {"model":"%s","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

    data: {"model":"%s","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":%d,"total_tokens":%d}}

    data: [DONE]

    """
        .formatted(FakeVllm.MODEL, FakeVllm.MODEL, sent, 7 + sent);
  }

  @Override
  public void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }
}
