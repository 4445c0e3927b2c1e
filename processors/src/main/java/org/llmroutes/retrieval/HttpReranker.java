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
  private final boolean isThere;
  private final String protocol;
  private final ScoreScale scale = new ScoreScale();

  public HttpReranker(ServiceSettings settings) {
    this.client = new ServiceClient(settings.withoutVersion(), "rerank");
    this.limits = new ServiceLimits(client);
    this.coherePath = new FoundPath(client, "/v1/rerank", "/rerank");
    this.isThere = settings.isThere();
    this.protocol = settings.protocol();
  }

  @Override
  public double[] score(String question, List<String> passages, Deadline deadline) {
    if (!isThere || passages.isEmpty()) {
      return new double[0];
    }
    int room = limits.tokens(deadline);
    for (int halved = 0; ; halved++) {
      try {
        return scale.apply(scoreWithin(room, question, passages, deadline));
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
    return read(client.post("/rerank", body, deadline), passages.size());
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
    return read(coherePath.post(body, deadline), passages.size());
  }

  private double[] read(JsonNode answer, int passages) {
    try {
      return RerankAnswer.scores(answer, passages);
    } catch (IllegalArgumentException e) {
      throw client.unexpected(e.getMessage());
    }
  }
}
