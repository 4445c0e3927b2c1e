package org.llmroutes.local.ai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Reranking by the token vectors of BGE-small, on the protocols of Cohere ({@code /v1/rerank}) and
 * of Text Embeddings Inference ({@code /rerank}).
 */
public final class RerankService extends JsonServer {
  private final TokenReranker reranker;

  public RerankService(BgeModel model, int port) {
    super(port);
    this.reranker = new TokenReranker(model);
    on("/v1/rerank", this::cohere);
    on("/rerank", this::tei);
  }

  private record Scored(int index, double score) {}

  private Object cohere(JsonNode request) {
    List<String> documents = EmbeddingService.texts(request.path("documents"));
    List<Scored> scored = scored(request.path("query").asText(), documents);
    return Map.of(
        "model",
        BgeModel.NAME,
        "results",
        scored.stream()
            .limit(request.path("top_n").asInt(documents.size()))
            .map(entry -> Map.of("index", entry.index(), "relevance_score", entry.score()))
            .toList());
  }

  private Object tei(JsonNode request) {
    return scored(request.path("query").asText(), EmbeddingService.texts(request.path("texts")))
        .stream()
        .map(entry -> Map.of("index", entry.index(), "score", entry.score()))
        .toList();
  }

  private List<Scored> scored(String query, List<String> texts) {
    double[] scores = reranker.score(query, texts);
    List<Scored> scored = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      scored.add(new Scored(i, scores[i]));
    }
    scored.sort(Comparator.comparingDouble(Scored::score).reversed());
    return scored;
  }
}
