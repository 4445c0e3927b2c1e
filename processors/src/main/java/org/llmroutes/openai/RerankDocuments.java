package org.llmroutes.openai;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.gateway.HttpProblem;
import org.llmroutes.http.Deadline;
import org.llmroutes.retrieval.EncoderTokens;
import org.llmroutes.retrieval.Reranker;

/**
 * Documents ordered by how well they answer a query, the best first, in the form that Cohere, Jina
 * and vLLM share. Scores are from 0 to 1. {@code usage} is an estimate, since not every service
 * counts.
 *
 * @see <a href="https://docs.cohere.com/reference/rerank">Rerank</a>
 */
public class RerankDocuments extends Call {
  private static final int MOST = 1000;

  private record Scored(int index, double score) {}

  @Override
  protected void answer(Exchange exchange, Parameters asked, Deadline deadline) {
    String query = asked.required("query");
    List<String> documents = documents(asked.any("documents"));
    int most = asked.count("top_n").orElse(documents.size());
    boolean withTexts = asked.isOn("return_documents");
    double[] scores = service(Reranker.class).score(query, documents, deadline);
    if (scores.length == 0) {
      throw HttpProblem.unknown("There is no reranker here");
    }
    List<Map<String, Object>> results = new ArrayList<>();
    for (Scored scored : best(scores, most)) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("index", scored.index());
      result.put("relevance_score", scored.score());
      if (withTexts) {
        result.put("document", Map.of("text", documents.get(scored.index())));
      }
      results.add(result);
    }
    int tokens =
        documents.stream().mapToInt(EncoderTokens::of).sum()
            + documents.size() * EncoderTokens.of(query);
    exchange
        .getMessage()
        .setBody(
            Map.of(
                "id",
                "rerank-" + requestId(exchange),
                "model",
                asked.text("model").orElse(""),
                "usage",
                Map.of("total_tokens", tokens),
                "results",
                results));
  }

  private static List<String> documents(Object given) {
    if (!(given instanceof List<?> list) || list.isEmpty() || list.size() > MOST) {
      throw HttpProblem.ofField("documents", "must be a list of 1 to " + MOST + " texts");
    }
    List<String> documents = new ArrayList<>();
    for (Object entry : list) {
      Object text = entry instanceof Map<?, ?> document ? document.get("text") : entry;
      if (!(text instanceof String)) {
        throw HttpProblem.ofField("documents", "each must be a text, or an object with a text");
      }
      documents.add((String) text);
    }
    return documents;
  }

  /** Without those that the reranker gave no score. */
  private static List<Scored> best(double[] scores, int most) {
    List<Scored> order = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isNaN(scores[i])) {
        order.add(new Scored(i, scores[i]));
      }
    }
    order.sort(Comparator.comparingDouble(Scored::score).reversed());
    return order.subList(0, Math.min(most, order.size()));
  }
}
