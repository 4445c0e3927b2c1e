package org.llmroutes.retrieval;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;

/**
 * Reads what rerankers answer: a list, bare or below {@code results} or {@code data}, of entries
 * with the {@code index} of a passage and its {@code relevance_score} or {@code score}.
 */
final class RerankAnswer {
  private RerankAnswer() {}

  /**
   * @return a score a passage, NaN for one that got none: services leave out, or give null for,
   *     what they do not rank
   * @throws IllegalArgumentException where it is uncertain which passage a score is of, or none has
   *     one
   */
  static double[] scores(JsonNode answer, int passages) {
    double[] scores = new double[passages];
    Arrays.fill(scores, Double.NaN);
    boolean[] seen = new boolean[passages];
    for (JsonNode entry : entries(answer)) {
      int index = entry.path("index").asInt(-1);
      if (index < 0 || index >= passages || seen[index]) {
        throw new IllegalArgumentException("a result with index " + entry.path("index"));
      }
      seen[index] = true;
      scores[index] = score(entry);
    }
    if (Arrays.stream(scores).allMatch(Double::isNaN)) {
      throw new IllegalArgumentException("no scores");
    }
    return scores;
  }

  private static JsonNode entries(JsonNode answer) {
    return answer.isArray() ? answer : answer.path(answer.has("results") ? "results" : "data");
  }

  private static double score(JsonNode entry) {
    JsonNode score = entry.path(entry.has("relevance_score") ? "relevance_score" : "score");
    double value = score.isNumber() ? score.doubleValue() : Double.NaN;
    return Double.isFinite(value) ? value : Double.NaN;
  }
}
