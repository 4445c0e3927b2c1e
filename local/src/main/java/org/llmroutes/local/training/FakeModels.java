package org.llmroutes.local.training;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.llmroutes.local.ai.BgeModel;
import org.llmroutes.local.ai.JsonServer;
import org.llmroutes.local.fake.FakeVllm;

/** An LLM, embeddings and a reranker that answer at once, and nothing that makes sense. */
final class FakeModels implements AutoCloseable {
  private static final List<String> TOKENS =
      List.of("Tokens", " leave", " on", " NATS", " [1]", ".", " That", " is", " all", ".");

  private final FakeVllm llm =
      new FakeVllm(request -> FakeVllm.Reply.of(TOKENS.toArray(String[]::new)));
  private final JsonServer encoders = new JsonServer(0);

  FakeModels() {
    encoders.on("/v1/embeddings", request -> Map.of("data", vectors(request.path("input"))));
    encoders.on("/v1/rerank", request -> Map.of("results", order(request.path("documents"))));
  }

  private static List<Object> vectors(JsonNode texts) {
    List<Object> vectors = new ArrayList<>();
    for (int i = 0; i < Math.max(1, texts.size()); i++) {
      Random random = new Random(i);
      List<Double> vector =
          IntStream.range(0, BgeModel.DIMENSION).mapToObj(n -> random.nextGaussian()).toList();
      vectors.add(Map.of("index", i, "embedding", vector));
    }
    return vectors;
  }

  private static List<Object> order(JsonNode documents) {
    List<Object> results = new ArrayList<>();
    for (int i = 0; i < documents.size(); i++) {
      results.add(Map.of("index", i, "relevance_score", 1.0 / (i + 1)));
    }
    return results;
  }

  /** Where they are. */
  Map<String, String> environment() {
    return Map.of(
        "VLLM_URL", llm.baseUrl(),
        "EMBEDDINGS_URL", encoders.url(),
        "EMBEDDINGS_PROTOCOL", "openai",
        "RERANKER_URL", encoders.url(),
        "RERANKER_PROTOCOL", "cohere");
  }

  @Override
  public void close() {
    llm.close();
    encoders.close();
  }
}
