package org.llmroutes.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdSetTest {
  private static final int MANY = 10_000;

  @Test
  void holdsWhatWasAddedAndNothingElse() {
    IdSet ids = new IdSet();

    for (int i = 0; i < MANY; i++) {
      assertThat(ids.add("id " + i)).isTrue();
    }

    for (int i = 0; i < MANY; i++) {
      assertThat(ids.contains("id " + i)).isTrue();
      assertThat(ids.add("id " + i)).isFalse();
      assertThat(ids.contains("other " + i)).isFalse();
    }
  }
}
