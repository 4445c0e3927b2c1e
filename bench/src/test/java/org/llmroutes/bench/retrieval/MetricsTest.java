package org.llmroutes.bench.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against values computed by hand. */
class MetricsTest {
  private static final Map<String, Integer> GRADES = Map.of("a", 3, "b", 1, "c", 0);

  @Test
  void theIdealOrderGainsEverything() {
    assertThat(Metrics.ndcg(List.of("a", "b", "x"), GRADES, 5)).isEqualTo(1.0);
    assertThat(Metrics.recall(List.of("a", "b", "x"), GRADES, 5)).isEqualTo(1.0);
  }

  @Test
  void aLowerRankGainsLess() {
    // (1 / log2(2) + 3 / log2(4)) / (3 / log2(2) + 1 / log2(3)) = 2.5 / 3.63093
    assertThat(Metrics.ndcg(List.of("b", "x", "a"), GRADES, 5)).isCloseTo(0.68853, within(1e-5));
  }

  @Test
  void nothingBeyondTheCutoffCounts() {
    assertThat(Metrics.ndcg(List.of("x", "y", "a"), GRADES, 2)).isZero();
    assertThat(Metrics.recall(List.of("a", "x", "b"), GRADES, 2)).isEqualTo(0.5);
  }

  @Test
  void aDocumentJudgedIrrelevantGainsNothing() {
    assertThat(Metrics.ndcg(List.of("c"), GRADES, 5)).isZero();
    assertThat(Metrics.recall(List.of("c"), GRADES, 5)).isZero();
  }
}
