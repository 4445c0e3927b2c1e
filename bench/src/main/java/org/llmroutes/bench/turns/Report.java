package org.llmroutes.bench.turns;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.llmroutes.bench.turns.Figures.Load;

/** The table: a figure a row, a handler a column, the product's ratios to its peers, the bars. */
final class Report {
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
      String what =
          "%s %s%s"
              .formatted(
                  atMost ? "≤" : "≥",
                  limit % 1 == 0 ? Long.toString((long) limit) : Double.toString(limit),
                  peer == null ? "" : " × " + peer.title());
      boolean met = atMost ? value <= limit : value >= limit;
      return what + (met ? " met" : " MISSED");
    }
  }

  void print(int concurrency, int streams) {
    StringBuilder head = new StringBuilder("%-44s".formatted(""));
    figures.keySet().forEach(handler -> head.append("%12s".formatted(handler.title())));
    ratioTo(head, Handler.PYTHON);
    ratioTo(head, Handler.PLAIN);
    System.out.println(head);
    if (measured(f -> f.turns)) {
      System.out.println("turns without retrieval, no think time");
      load(f -> f.turns, concurrency, true);
    }
    if (figures.values().stream().allMatch(f -> !f.tokens.isEmpty())) {
      System.out.println("tokens from LLM to subscriber, " + streams + " streams");
      row("p50, ms", f -> f.tokens().millis(50));
      row(
          "p99, ms",
          f -> f.tokens().millis(99),
          Bar.atMost(1, Handler.PYTHON),
          Bar.atMost(1.3, Handler.PLAIN));
    }
    if (measured(f -> f.retrieval)) {
      System.out.println("turns with retrieval from standalone Milvus");
      load(f -> f.retrieval, concurrency, false);
    }
    System.out.println("process");
    row("resident after load, MB", f -> f.residentMegabytes, Bar.atMost(350));
    row("from start to ready, ms", Figures::ready);
  }

  private boolean measured(Function<Figures, Load> kind) {
    return figures.values().stream().map(kind).allMatch(Load::measured);
  }

  private void load(Function<Figures, Load> kind, int concurrency, boolean judged) {
    row(
        "one at a time, p50, ms",
        f -> kind.apply(f).alone().millis(50),
        judged ? bars(Bar.atMost(1, Handler.PYTHON)) : bars());
    row("one at a time, p99, ms", f -> kind.apply(f).alone().millis(99));
    row(
        concurrency + " at a time, turns/s",
        f -> kind.apply(f).turnsPerSecond(),
        judged ? bars(Bar.atLeast(1.4, Handler.PYTHON), Bar.atLeast(.8, Handler.PLAIN)) : bars());
    row(concurrency + " at a time, p50, ms", f -> kind.apply(f).together().millis(50));
    row(concurrency + " at a time, p99, ms", f -> kind.apply(f).together().millis(99));
    row(
        "CPU a turn, ms",
        f -> kind.apply(f).cpuMillis(),
        judged ? bars(Bar.atMost(.65, Handler.PYTHON), Bar.atMost(1.3, Handler.PLAIN)) : bars());
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
    for (Handler peer : List.of(Handler.PYTHON, Handler.PLAIN)) {
      if (compares(peer)) {
        line.append(String.format(Locale.ROOT, "%13.2f", ratio(figure, peer)));
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
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
  }
}
