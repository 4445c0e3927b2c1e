package org.llmroutes.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A label that others choose has few values. */
class FirstValuesTest {
  @Test
  void keepsTheFirstAndCallsAllOthersOther() {
    FirstValues models = new FirstValues(3);
    Set<String> labels = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      labels.add(models.label("model-" + i));
    }

    assertThat(labels).containsExactlyInAnyOrder("model-0", "model-1", "model-2", "other");
    assertThat(models.label("model-1")).isEqualTo("model-1");
  }

  @Test
  void isNeverLong() {
    assertThat(new FirstValues(3).label("m".repeat(10_000))).hasSize(64);
  }
}
