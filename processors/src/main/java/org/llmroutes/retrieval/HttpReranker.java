package org.llmroutes.retrieval;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.ServiceClient;

/**
 * A reranking service over HTTP; with protocol {@code none} there is none, and nothing is scored.
 */
public final class HttpReranker implements Reranker {
  private final ServiceClient client;
  private final boolean none;
  private final boolean tei;
  private final String coherePath;

  public HttpReranker(ServiceSettings settings) {
    this.client = new ServiceClient(settings, "rerank");
    this.none = "none".equals(settings.protocol());
    this.tei = "tei".equals(settings.protocol());
    this.coherePath = settings.url().endsWith("/v1") ? "/rerank" : "/v1/rerank";
  }

  @Override
  public double[] score(String question, List<String> passages, Deadline deadline) {
    if (none || passages.isEmpty()) {
      return new double[0];
    }
    return tei ? scoreTei(question, passages, deadline) : scoreCohere(question, passages, deadline);
  }

  /** Text Embeddings Inference: {@code POST /rerank}. */
  private double[] scoreTei(String question, List<String> passages, Deadline deadline) {
    Map<String, Object> body = Map.of("query", question, "texts", passages, "truncate", true);
    return byIndex(client.post("/rerank", body, deadline), "score", passages.size());
  }

  /** Cohere's API, also served by Jina, vLLM and Infinity: {@code POST /v1/rerank}. */
  private double[] scoreCohere(String question, List<String> passages, Deadline deadline) {
    Map<String, Object> body =
        Map.of(
            "model",
            client.settings().model(),
            "query",
            question,
            "documents",
            passages,
            "top_n",
            passages.size());
    return byIndex(
        client.post(coherePath, body, deadline).path("results"),
        "relevance_score",
        passages.size());
  }

  private double[] byIndex(JsonNode results, String field, int size) {
    double[] scores = new double[size];
    Arrays.fill(scores, Double.NaN);
    for (JsonNode result : results) {
      int index = result.path("index").asInt(-1);
      if (index < 0 || index >= size || !result.path(field).isNumber()) {
        throw client.unexpected("a result with index " + index);
      }
      scores[index] = result.path(field).asDouble();
    }
    if (Arrays.stream(scores).anyMatch(Double::isNaN)) {
      throw client.unexpected("a passage without a score");
    }
    return scores;
  }
}
