package org.llmroutes.bench.turns;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.llmroutes.local.ai.BgeModel;
import org.llmroutes.local.fake.FakeVllm;

/**
 * Fake AI services that do not think: an LLM, embeddings and a reranker on one port of 127.0.0.1
 * and one thread, as light as they can be, so that what is measured is the handler. Every answer is
 * made beforehand.
 */
final class FakeServices implements AutoCloseable {
  private static final int RERANKED = 20;

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Buffer wholeAnswer = Buffer.buffer();
  private final String embeddings;
  private final String order;
  private volatile int tokens;
  private volatile int gapMillis;

  FakeServices() throws Exception {
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

  /** Answers from now on come token by token, each token the time at which it is sent. */
  void stream(int count, int everyMillis) {
    gapMillis = everyMillis;
    tokens = count;
  }

  /** Answers from now on come whole. */
  void answerAtOnce() {
    tokens = 0;
  }

  String url() {
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

  private void stream(HttpServerResponse response) {
    response.write(delta("role", "assistant"));
    int[] left = {tokens};
    vertx.setPeriodic(
        gapMillis,
        timer -> {
          response.write(delta("content", Long.toString(System.nanoTime())));
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
