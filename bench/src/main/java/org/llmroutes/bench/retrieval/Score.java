package org.llmroutes.bench.retrieval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What one stage reached over all queries. */
final class Score {
  private final String stage;
  private final List<Long> nanos = new ArrayList<>();
  private double ndcg5;
  private double ndcg10;
  private double recall5;

  Score(String stage) {
    this.stage = stage;
  }

  void add(Stages.Found found, TestCollection.Query query) {
    List<String> ranking = found.ids();
    ndcg5 += Metrics.ndcg(ranking, query.grades(), 5);
    ndcg10 += Metrics.ndcg(ranking, query.grades(), 10);
    recall5 += Metrics.recall(ranking, query.grades(), 5);
    nanos.add(found.nanos());
  }

  /** Means, each with its difference to dense search, and the median time. */
  String line(Score dense) {
    int n = nanos.size();
    double median = nanos.stream().sorted().skip(n / 2).findFirst().orElse(0L) / 1e6;
    return String.format(
        Locale.ROOT,
        "%-18s %8.3f %+7.3f %8.3f %+7.3f %8.3f %+7.3f %8.1f",
        stage,
        ndcg5 / n,
        (ndcg5 - dense.ndcg5) / n,
        ndcg10 / n,
        (ndcg10 - dense.ndcg10) / n,
        recall5 / n,
        (recall5 - dense.recall5) / n,
        median);
  }
}
