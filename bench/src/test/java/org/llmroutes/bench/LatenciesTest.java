package org.llmroutes.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void percentilesAreOfAllRoundsTogether() {
    long[] odd = LongStream.range(0, 100).map(i -> 1_000_000 * (2 * i + 1)).toArray();
    long[] even = LongStream.range(0, 100).map(i -> 2_000_000 * i).toArray();
    Latencies latencies = Latencies.of(odd, even);
    assertThat(latencies.millis(0)).isZero();
    assertThat(latencies.millis(50)).isEqualTo(100);
    assertThat(latencies.millis(99)).isEqualTo(198);
    assertThat(latencies.millis(100)).isEqualTo(199);
  }
}
