package org.llmroutes.bench;

import java.util.Arrays;
import java.util.Collection;

/**
 * How long something took, each time.
 *
 * @param sorted nanoseconds, ascending
 */
public record Latencies(long[] sorted) {
  public static Latencies of(Collection<Long> nanos) {
    return new Latencies(nanos.stream().mapToLong(Long::longValue).sorted().toArray());
  }

  /** All of several. */
  public static Latencies of(long[]... nanos) {
    return new Latencies(Arrays.stream(nanos).flatMapToLong(Arrays::stream).sorted().toArray());
  }

  /** The percentile in milliseconds; not a number where there is none. */
  public double millis(double percent) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
  }
}
