package org.llmroutes.retrieval;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.FoundPath;
import org.llmroutes.http.Refusal;
import org.llmroutes.http.ServiceClient;

/**
 * A reranking service over HTTP; with protocol {@code none} there is none, and nothing is scored.
 */
public final class HttpReranker implements Reranker {
  /** How often texts that are still too long are halved. */
  private static final int HALVINGS = 2;

  private final ServiceClient client;
  private final ServiceLimits limits;
  private final FoundPath coherePath;
  private final String protocol;

  public HttpReranker(ServiceSettings settings) {
    this.client = new ServiceClient(settings.withoutVersion(), "rerank");
    this.limits = new ServiceLimits(client);
    this.coherePath = new FoundPath(client, "/v1/rerank", "/rerank");
    this.protocol = settings.protocol();
  }

  @Override
  public double[] score(String question, List<String> passages, Deadline deadline) {
    if ("none".equals(protocol) || passages.isEmpty()) {
      return new double[0];
    }
    int room = limits.tokens(deadline);
    for (int halved = 0; ; halved++) {
      try {
        return scoreWithin(room, question, passages, deadline);
      } catch (Refusal e) {
        if (!e.error().isTooLong() || halved == HALVINGS) {
          throw e;
        }
        room /= 2;
      }
    }
  }

  /** Question and passage are one text to the model; the question has half of the room at most. */
  private double[] scoreWithin(
      int room, String question, List<String> passages, Deadline deadline) {
    String asked = EncoderTokens.cut(question, room / 2);
    int left = room - EncoderTokens.of(asked);
    List<String> cut = passages.stream().map(text -> EncoderTokens.cut(text, left)).toList();
    int most = limits.texts(deadline);
    return IntStream.iterate(0, from -> from < cut.size(), from -> from + most)
        .mapToObj(from -> cut.subList(from, Math.min(cut.size(), from + most)))
        .flatMapToDouble(batch -> Arrays.stream(ask(asked, batch, deadline)))
        .toArray();
  }

  private double[] ask(String question, List<String> passages, Deadline deadline) {
    return "tei".equals(protocol)
        ? askTei(question, passages, deadline)
        : askCohere(question, passages, deadline);
  }

  /** Text Embeddings Inference: {@code POST /rerank}. */
  private double[] askTei(String question, List<String> passages, Deadline deadline) {
    Map<String, Object> body = Map.of("query", question, "texts", passages, "truncate", true);
    return byIndex(client.post("/rerank", body, deadline), "score", passages.size());
  }

  /** Cohere's API, also served by Jina and vLLM, and by Infinity without the version. */
  private double[] askCohere(String question, List<String> passages, Deadline deadline) {
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
        coherePath.post(body, deadline).path("results"), "relevance_score", passages.size());
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
