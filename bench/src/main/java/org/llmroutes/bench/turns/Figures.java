package org.llmroutes.bench.turns;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.llmroutes.bench.Latencies;

/** What was measured of one handler, round by round. */
final class Figures {
  final List<Double> readyMillis = new ArrayList<>();
  final List<Double> readyWithoutArchiveMillis = new ArrayList<>();
  final List<Double> firstMillis = new ArrayList<>();
  final Load turns = new Load();
  final Load streamed = new Load();
  final Load retrieval = new Load();
  final List<long[]> tokens = new ArrayList<>();
  Cold cold;
  double residentMegabytes;

  /**
   * A process in its first minutes.
   *
   * @param paced nanoseconds of turns that came one by one, in order
   * @param pacedCpuMillis CPU of one of them
   * @param perSecond turns in each second under load
   * @param steadyPerSecond turns a second from {@link ColdRun#STEADY_AFTER} on
   * @param steadyCpuMillis CPU of one of those
   */
  record Cold(
      long[] paced,
      double pacedCpuMillis,
      int[] perSecond,
      double steadyPerSecond,
      double steadyCpuMillis) {}

  /** One kind of turn. */
  static final class Load {
    private final List<long[]> alone = new ArrayList<>();
    private final List<long[]> together = new ArrayList<>();
    private final List<Double> turnsPerSecond = new ArrayList<>();
    private final List<Double> cpuMillis = new ArrayList<>();

    void alone(Clients.Outcome outcome) {
      alone.add(outcome.latencies());
    }

    /**
     * @param cpuNanos that the handler used meanwhile
     */
    void together(Clients.Outcome outcome, long cpuNanos) {
      int count = outcome.latencies().length;
      together.add(outcome.latencies());
      turnsPerSecond.add(count * 1e9 / outcome.wall().toNanos());
      cpuMillis.add(cpuNanos / 1e6 / count);
    }

    boolean measured() {
      return !alone.isEmpty();
    }

    Latencies alone() {
      return Latencies.of(alone.toArray(long[][]::new));
    }

    Latencies together() {
      return Latencies.of(together.toArray(long[][]::new));
    }

    /** Of the median round. */
    double turnsPerSecond() {
      return median(turnsPerSecond);
    }

    /** Of the median round. */
    double cpuMillis() {
      return median(cpuMillis);
    }
  }

  Latencies tokens() {
    return Latencies.of(tokens.toArray(long[][]::new));
  }

  /** The percentile of the median round, so that what disturbs one round is not counted. */
  double tokenMillis(double percent) {
    return median(tokens.stream().map(round -> new Latencies(round).millis(percent)).toList());
  }

  Load of(Clients.Kind kind) {
    return switch (kind) {
      case STREAMED -> streamed;
      case WHOLE -> turns;
      case RETRIEVAL -> retrieval;
    };
  }

  double readyWithoutArchive() {
    return median(readyWithoutArchiveMillis);
  }

  double first() {
    return median(firstMillis);
  }

  double ready() {
    return median(readyMillis);
  }

  private static double median(List<Double> values) {
    Stream<Double> sorted = values.stream().sorted();
    return sorted.skip(values.size() / 2).findFirst().orElse(Double.NaN);
  }
}
