package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.config.Resilience;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.local.ai.JsonServer;

/** Embedding services and rerankers that take so much only, or have their paths elsewhere. */
@Timeout(20)
class EncoderServiceTest {
  private static final String LONG = "java.lang.IllegalStateException at line 4 ".repeat(200);
  private static final List<String> PASSAGES = List.of("Herons eat fish.", LONG, "Yeast.");

  private final Server server = new Server();

  /** Refuses what is too long for its model, and serves only the paths that it was given. */
  private static final class Server extends JsonServer {
    private final List<List<String>> asked = new CopyOnWriteArrayList<>();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private int most = 512;

    Server() {
      super(0);
    }

    void serve(String path) {
      handle(
          path,
          (request, exchange) -> {
            paths.add(exchange.getRequestURI().getPath());
            List<String> texts = texts(request);
            asked.add(texts);
            if (texts.stream().mapToInt(EncoderTokens::of).max().orElse(0) > most) {
              send(exchange, 413, error("validation", "must have less than 512 tokens"));
            } else {
              send(exchange, 200, answer(request));
            }
          });
    }

    /** Of a reranker, question and passage are one. */
    private static List<String> texts(JsonNode request) {
      List<String> texts = new ArrayList<>();
      request.path("input").forEach(text -> texts.add(text.asText()));
      request
          .path("documents")
          .forEach(text -> texts.add(request.path("query").asText() + " " + text.asText()));
      return texts;
    }

    private static Object answer(JsonNode request) {
      List<Object> data = new ArrayList<>();
      for (JsonNode text : request.path("input")) {
        data.add(Map.of("index", 0, "embedding", List.of(1, text.asText().length())));
      }
      List<Object> results = new ArrayList<>();
      for (JsonNode text : request.path("documents")) {
        results.add(Map.of("index", results.size(), "relevance_score", text.asText().length()));
      }
      return Map.of("data", data, "results", results);
    }
  }

  @AfterEach
  void close() {
    server.close();
  }

  private ServiceSettings settings(String protocol, String base, int maxInputTokens) {
    return new ServiceSettings(
        "service",
        server.url() + base,
        protocol,
        "test-model",
        "",
        Duration.ofSeconds(10),
        maxInputTokens,
        Resilience.none());
  }

  private float[] embed(String question, int maxInputTokens) {
    return HttpEmbeddings.of(settings("openai", "", maxInputTokens))
        .embedQuery(question, Deadline.never());
  }

  private double[] score(String question, int maxInputTokens) {
    return new HttpReranker(settings("cohere", "", maxInputTokens))
        .score(question, PASSAGES, Deadline.never());
  }

  @Test
  void aLongQuestionIsCutBeforeItIsEmbedded() {
    server.serve("/v1/embeddings");

    embed("Why does this fail? " + LONG, 0);

    assertThat(server.asked).hasSize(1);
    assertThat(server.asked.get(0).get(0)).startsWith("Why does this fail? java.lang");
  }

  @Test
  void soAreQuestionAndPassagesBeforeTheyAreScored() {
    server.serve("/v1/rerank");

    assertThat(score("Why does this fail? " + LONG, 0)).hasSize(3);

    assertThat(server.asked).hasSize(1);
    assertThat(server.asked.get(0)).allMatch(text -> text.startsWith("Why does this fail? java"));
  }

  @Test
  void whatIsStillTooLongIsHalved() {
    server.most = 300;
    server.serve("/v1/embeddings");
    server.serve("/v1/rerank");

    embed(LONG, 1000);
    score(LONG, 1000);

    assertThat(server.asked).hasSize(6);
  }

  @Test
  void butNotForEver() {
    server.most = 10;
    server.serve("/v1/embeddings");

    assertThatExceptionOfType(StepException.class).isThrownBy(() -> embed(LONG, 0));

    assertThat(server.asked).hasSize(3);
  }

  @Test
  void aServiceSaysWhatItTakes() {
    server.on("/info", request -> Map.of("max_input_length", 128, "max_client_batch_size", 2));
    server.most = 128;
    server.serve("/v1/embeddings");
    server.serve("/v1/rerank");

    embed(LONG, 0);
    assertThat(score(LONG, 0)).hasSize(3);

    assertThat(server.asked).extracting(List::size).containsExactly(1, 2, 1);
  }

  @Test
  void theSettingWins() {
    server.on("/info", request -> Map.of("max_input_length", 100_000));
    server.serve("/v1/embeddings");

    embed(LONG, 512);

    assertThat(server.asked).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "/v1, ''", "'', /v1", "/v1, /v1"})
  void pathsAreFoundWithTheVersionOrWithout(String configured, String served) {
    server.serve(served + "/embeddings");
    server.serve(served + "/rerank");
    Embeddings embeddings = HttpEmbeddings.of(settings("openai", configured, 0));
    Reranker reranker = new HttpReranker(settings("cohere", configured, 0));

    for (int i = 0; i < 2; i++) {
      embeddings.embedQuery("why?", Deadline.never());
      reranker.score("why?", PASSAGES, Deadline.never());
    }

    assertThat(server.paths)
        .containsExactly(
            served + "/embeddings", served + "/rerank", served + "/embeddings", served + "/rerank");
  }

  @Test
  void vectorsWithoutUsefulNumbersStandInOrder() {
    server.serve("/v1/embeddings");

    List<float[]> vectors =
        HttpEmbeddings.of(settings("openai", "", 0))
            .embedPassages(List.of("", "four"), Deadline.never());

    assertThat(vectors.get(0)).containsExactly(1, 0);
    assertThat(vectors.get(1)[1]).isPositive();
  }

  @Test
  void whereNoPathIsServedTheWordsAreThoseOfTheUsualOne() {
    server.handle(
        "/v1/rerank",
        (request, exchange) ->
            JsonServer.send(exchange, 404, JsonServer.error("missing", "try pulling it first")));

    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> score("why?", 0))
        .withMessageContaining("try pulling it first");
  }
}
