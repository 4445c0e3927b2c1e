package org.llmroutes.bench.turns;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.llmroutes.bench.Latencies;
import org.llmroutes.bench.turns.Figures.Load;

/** The tables: a figure a row, a handler a column, the product's ratios to its peers, the bars. */
final class Report {
  private static final List<Handler> PEERS = List.of(Handler.PYTHON, Handler.GO, Handler.PLAIN);

  private final Map<Handler, Figures> figures;

  /**
   * @param figures by handler, the product's or not
   */
  Report(Map<Handler, Figures> figures) {
    this.figures = figures;
  }

  /** What the product's figure must be at most or at least. */
  private record Bar(Handler peer, boolean atMost, double limit) {
    static Bar atMost(double limit) {
      return new Bar(null, true, limit);
    }

    static Bar atMost(double limit, Handler peer) {
      return new Bar(peer, true, limit);
    }

    static Bar atLeast(double limit, Handler peer) {
      return new Bar(peer, false, limit);
    }

    String judge(double value) {
      if (Double.isNaN(value)) {
        return "";
      }
      String what =
          "%s %s%s"
              .formatted(
                  atMost ? "≤" : "≥", number(limit), peer == null ? "" : " × " + peer.title());
      boolean met = atMost ? value <= limit : value >= limit;
      return what + (met ? " met" : " MISSED");
    }
  }

  void print(int concurrency, int streams) {
    StringBuilder head = new StringBuilder("%-44s".formatted(""));
    figures.keySet().forEach(handler -> head.append("%12s".formatted(handler.title())));
    PEERS.forEach(peer -> ratioTo(head, peer));
    System.out.println(head);
    if (figures.values().stream().allMatch(f -> f.cold != null)) {
      System.out.println("cold: a fresh process, streamed turns");
      cold(concurrency);
    }
    if (measured(f -> f.streamed)) {
      System.out.println("warm: streamed turns");
      load(f -> f.streamed, concurrency, bars(), bars(), bars());
    }
    if (measured(f -> f.turns)) {
      System.out.println("warm: turns without streaming");
      load(f -> f.turns, concurrency, bars(), bars(), bars());
    }
    if (figures.values().stream().allMatch(f -> !f.tokens.isEmpty())) {
      System.out.println("tokens from LLM to subscriber, " + streams + " streams");
      row(
          "p50, ms",
          f -> f.tokenMillis(50),
          Bar.atMost(.6, Handler.PYTHON),
          Bar.atMost(1.5, Handler.GO));
      row(
          "p99, ms",
          f -> f.tokenMillis(99),
          Bar.atMost(.5, Handler.PYTHON),
          Bar.atMost(2, Handler.GO));
    }
    if (measured(f -> f.retrieval)) {
      System.out.println("warm: turns with retrieval from standalone Milvus");
      load(
          f -> f.retrieval,
          concurrency,
          bars(Bar.atMost(.8, Handler.PYTHON)),
          bars(Bar.atLeast(1.3, Handler.PYTHON)),
          bars());
    }
    System.out.println("process");
    row("resident after load, MB", f -> f.residentMegabytes, Bar.atMost(1.25, Handler.PYTHON));
    row("from start to ready, ms", Figures::ready, Bar.atMost(800));
    row("the same without the archive, ms", Figures::readyWithoutArchive);
  }

  private void cold(int concurrency) {
    row(
        "first turn after ready, ms",
        Figures::first,
        Bar.atMost(60 + paced(figures.get(Handler.PRODUCT), 50)));
    row("one by one, p50, ms", f -> paced(f, 50), Bar.atMost(.8, Handler.PYTHON));
    row("one by one, p99, ms", f -> paced(f, 99), Bar.atMost(1, Handler.PYTHON));
    row("one by one, slowest, ms", f -> paced(f, 100));
    row("one by one, CPU a turn, ms", f -> f.cold.pacedCpuMillis());
    row(
        concurrency + " at a time from 6 s on, turns/s",
        f -> f.cold.steadyPerSecond(),
        Bar.atLeast(2, Handler.PYTHON),
        Bar.atLeast(.6, Handler.GO));
    row(
        concurrency + " at a time from 6 s on, CPU a turn, ms",
        f -> f.cold.steadyCpuMillis(),
        Bar.atMost(.6, Handler.PYTHON),
        Bar.atMost(2.5, Handler.GO));
    figures.forEach(
        (handler, f) ->
            System.out.printf(
                "  turns in each second, %s: %s%n",
                handler.title(), Arrays.toString(f.cold.perSecond()).replace(",", "")));
  }

  private static double paced(Figures f, double percent) {
    return f == null ? Double.NaN : Latencies.of(f.cold.paced()).millis(percent);
  }

  private boolean measured(Function<Figures, Load> kind) {
    return figures.values().stream().map(kind).anyMatch(Load::measured);
  }

  private void load(
      Function<Figures, Load> kind, int concurrency, Bar[] alone, Bar[] together, Bar[] cpu) {
    row("one at a time, p50, ms", f -> kind.apply(f).alone().millis(50), alone);
    row("one at a time, p99, ms", f -> kind.apply(f).alone().millis(99));
    row(concurrency + " at a time, turns/s", f -> kind.apply(f).turnsPerSecond(), together);
    row(concurrency + " at a time, p50, ms", f -> kind.apply(f).together().millis(50));
    row(concurrency + " at a time, p99, ms", f -> kind.apply(f).together().millis(99));
    row("CPU a turn, ms", f -> kind.apply(f).cpuMillis(), cpu);
  }

  private static Bar[] bars(Bar... bars) {
    return bars;
  }

  private void ratioTo(StringBuilder head, Handler peer) {
    if (compares(peer)) {
      head.append("%13s".formatted("/ " + peer.title()));
    }
  }

  private boolean compares(Handler peer) {
    return figures.containsKey(Handler.PRODUCT) && figures.containsKey(peer);
  }

  private void row(String name, ToDoubleFunction<Figures> figure, Bar... bars) {
    StringBuilder line = new StringBuilder("  %-42s".formatted(name));
    figures.values().forEach(f -> line.append("%12s".formatted(number(figure.applyAsDouble(f)))));
    List<String> verdicts = new ArrayList<>();
    for (Handler peer : PEERS) {
      if (compares(peer)) {
        double ratio = ratio(figure, peer);
        line.append("%13s".formatted(Double.isNaN(ratio) ? "" : number(ratio)));
      }
    }
    for (Bar bar : bars) {
      if (bar.peer() == null && figures.containsKey(Handler.PRODUCT)) {
        verdicts.add(bar.judge(figure.applyAsDouble(figures.get(Handler.PRODUCT))));
      } else if (bar.peer() != null && compares(bar.peer())) {
        verdicts.add(bar.judge(ratio(figure, bar.peer())));
      }
    }
    System.out.println(line + "   " + String.join(", ", verdicts));
  }

  private double ratio(ToDoubleFunction<Figures> figure, Handler peer) {
    return figure.applyAsDouble(figures.get(Handler.PRODUCT))
        / figure.applyAsDouble(figures.get(peer));
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
  }
}
