package org.llmroutes.bench.turns;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.llmroutes.bench.turns.Clients.Kind;
import org.llmroutes.bench.turns.Clients.Outcome;
import org.llmroutes.bench.turns.Figures.Cold;

/**
 * Processes in their first minutes, as people at home meet them: turns that come one by one from
 * the moment that a process is ready, of all handlers in turn, then load on one after the other.
 */
final class ColdRun {
  /** From here on the rate under load is that of the table. */
  static final Duration STEADY_AFTER = Duration.ofSeconds(6);

  private final int turns;
  private final double perSecond;
  private final Duration load;
  private final int concurrency;

  /**
   * @param turns that come one by one
   * @param perSecond of them, of each handler
   * @param load how long it is under load then
   */
  ColdRun(int turns, double perSecond, Duration load, int concurrency) {
    this.turns = turns;
    this.perSecond = perSecond;
    this.load = load;
    this.concurrency = concurrency;
  }

  Map<Handler, Cold> measure(List<Bed> beds) throws Exception {
    long[][] latencies = new long[beds.size()][turns];
    Duration[] cpu = new Duration[beds.size()];
    Clients[] clients = new Clients[beds.size()];
    for (int i = 0; i < beds.size(); i++) {
      beds.get(i).stop();
      beds.get(i).start();
      clients[i] = new Clients(beds.get(i).nats(), Kind.STREAMED);
      cpu[i] = beds.get(i).cpu();
      latencies[i][0] = one(clients[i]);
    }
    long start = System.nanoTime();
    for (int turn = 1; turn < turns; turn++) {
      for (int i = 0; i < beds.size(); i++) {
        double seconds = (turn - 1 + (double) i / beds.size()) / perSecond;
        long due = start + (long) (seconds * 1e9);
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        latencies[i][turn] = one(clients[i]);
      }
    }
    Map<Handler, Cold> measured = new EnumMap<>(Handler.class);
    for (int i = 0; i < beds.size(); i++) {
      Bed bed = beds.get(i);
      double cpuMillis = bed.cpu().minus(cpu[i]).toNanos() / 1e6 / turns;
      measured.put(bed.handler(), underLoad(bed, latencies[i], cpuMillis));
    }
    return measured;
  }

  private static long one(Clients clients) throws InterruptedException {
    return clients.ask(1, 1).latencies()[0];
  }

  private Cold underLoad(Bed bed, long[] paced, double pacedCpuMillis) throws Exception {
    int[] counts = new int[(int) load.toSeconds()];
    Clients clients = new Clients(bed.nats(), Kind.STREAMED);
    Outcome before = clients.ask(STEADY_AFTER, concurrency);
    Duration cpu = bed.cpu();
    Outcome steady = clients.ask(load.minus(STEADY_AFTER), concurrency);
    double cpuMillis = bed.cpu().minus(cpu).toNanos() / 1e6 / steady.moments().length;
    count(before, 0, counts);
    count(steady, (int) STEADY_AFTER.toSeconds(), counts);
    double perSecond = steady.moments().length * 1e9 / steady.wall().toNanos();
    return new Cold(paced, pacedCpuMillis, counts, perSecond, cpuMillis);
  }

  private static void count(Outcome outcome, int from, int[] counts) {
    Arrays.stream(outcome.moments())
        .mapToInt(moment -> from + (int) (moment / 1_000_000_000))
        .filter(second -> second < counts.length)
        .forEach(second -> counts[second]++);
  }
}
