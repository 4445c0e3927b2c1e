package org.llmroutes.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.llmroutes.aside.Aside;

/**
 * Makes meters in Micrometer's global registry, so that whoever counts needs none; whoever shows
 * them adds one to it. A meter is made once and kept by its caller, since finding it again costs
 * more than counting does. Labels have values of which there are few: never a user, a request, a
 * file or what somebody wrote.
 */
public final class Meters {
  /** Of calls and steps: 1 ms to 2 minutes. */
  public static final Duration[] CALL =
      millis(1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 120_000);

  /** Of what a user waits for: 50 ms to 10 minutes. */
  public static final Duration[] TURN =
      millis(
          50, 100, 250, 500, 1000, 2000, 3000, 5000, 10_000, 20_000, 30_000, 60_000, 120_000,
          300_000, 600_000);

  /** Of answers of which the beginning is waited for: 10 ms to 30 seconds. */
  public static final Duration[] REQUEST = millis(10, 50, 250, 1000, 5000, 30_000);

  /** Of work that nobody waits for at a screen: 1 second to a day. */
  public static final Duration[] RUN =
      millis(
          1000,
          10_000,
          60_000,
          300_000,
          900_000,
          1_800_000,
          3_600_000,
          10_800_000,
          21_600_000,
          43_200_000,
          86_400_000);

  /** Of what is done aside, which nobody is shown. */
  private static final CompositeMeterRegistry ASIDE = new CompositeMeterRegistry();

  private Meters() {}

  /** Where meters are made and shown. */
  public static CompositeMeterRegistry registry() {
    return Aside.now() ? ASIDE : Metrics.globalRegistry;
  }

  private static Duration[] millis(long... values) {
    Duration[] buckets = new Duration[values.length];
    for (int i = 0; i < values.length; i++) {
      buckets[i] = Duration.ofMillis(values[i]);
    }
    return buckets;
  }

  /**
   * @param labels name, value, name, value …
   */
  public static Counter counter(String name, String description, String... labels) {
    return Counter.builder(name).description(description).tags(labels).register(registry());
  }

  /**
   * A counter for each value of the label, which all are there at the start: a rate can be told of
   * the first event on.
   */
  public static Map<String, Counter> counters(
      String name, String description, String label, Collection<String> values, String... labels) {
    return values.stream()
        .collect(
            Collectors.toMap(
                value -> value,
                value ->
                    Counter.builder(name)
                        .description(description)
                        .tags(labels)
                        .tag(label, value)
                        .register(registry()),
                (one, same) -> one,
                ConcurrentHashMap::new));
  }

  /**
   * A histogram of durations, in seconds.
   *
   * @param labels name, value, name, value …
   */
  public static Timer timer(String name, String description, Duration[] buckets, String... labels) {
    return Timer.builder(name)
        .description(description)
        .tags(labels)
        .serviceLevelObjectives(buckets)
        .register(registry());
  }
}
