package org.llmroutes.bench.retrieval;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How good one order of documents is for one query, from 0 to 1. */
final class Metrics {
  private Metrics() {}

  /**
   * Normalised discounted cumulative gain with the grade itself as gain, as trec_eval computes it.
   *
   * @param ranking document ids, best first
   * @param grades of the judged documents; 0 and unjudged gain nothing
   */
  static double ndcg(List<String> ranking, Map<String, Integer> grades, int cutoff) {
    double ideal = gain(best(grades.values()), cutoff);
    double found = gain(ranking.stream().map(id -> grades.getOrDefault(id, 0)), cutoff);
    return ideal == 0 ? 0 : found / ideal;
  }

  /** The share of the relevant documents that the first {@code cutoff} hold. */
  static double recall(List<String> ranking, Map<String, Integer> grades, int cutoff) {
    long relevant = grades.values().stream().filter(grade -> grade > 0).count();
    long found =
        ranking.stream().limit(cutoff).filter(id -> grades.getOrDefault(id, 0) > 0).count();
    return relevant == 0 ? 0 : (double) found / relevant;
  }

  private static Stream<Integer> best(Collection<Integer> grades) {
    return grades.stream().sorted((a, b) -> Integer.compare(b, a));
  }

  private static double gain(Stream<Integer> grades, int cutoff) {
    List<Integer> first = grades.limit(cutoff).toList();
    double sum = 0;
    for (int i = 0; i < first.size(); i++) {
      sum += Math.max(0, first.get(i)) * Math.log(2) / Math.log(i + 2);
    }
    return sum;
  }
}
