package org.llmroutes.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.llmroutes.doctor.Finding;
import org.llmroutes.doctor.State;

/** What a doctor found, a row each; what to do stands below a row, and nothing is cut. */
final class FindingsTable {
  private static final int WIDEST_NAME = 24;
  private static final int LEAST_TEXT = 30;

  private final List<Finding> findings;

  FindingsTable(List<Finding> findings) {
    this.findings = findings;
  }

  /**
   * @param columns of the terminal
   */
  void print(PrintStream out, int columns) {
    int state = width("not asked", findings.stream().map(one -> one.state().words()).toList());
    int part = width("PART", findings.stream().map(Finding::part).toList());
    int name = Math.min(WIDEST_NAME, width("", findings.stream().map(Finding::name).toList()));
    String format = "%-" + state + "s  %-" + part + "s  %-" + name + "s  ";
    String indent = " ".repeat(state + part + name + 6);
    int left = Math.max(LEAST_TEXT, columns - indent.length());
    out.println((format.formatted("STATE", "PART", "WHAT") + "FOUND").stripTrailing());
    for (Finding one : findings) {
      String head =
          format.formatted(
              one.state() == State.WELL || one.state() == State.NOT_USED
                  ? one.state().words()
                  : one.state().words().toUpperCase(Locale.ROOT),
              one.part(),
              Printable.line(one.name()));
      wrapped(out, head, indent, Printable.line(one.found()), left);
      if (!one.advice().isEmpty()) {
        wrapped(out, indent + "-> ", indent + "   ", Printable.line(one.advice()), left - 3);
      }
    }
    out.println(summary());
  }

  private static int width(String head, List<String> values) {
    return values.stream().mapToInt(String::length).reduce(head.length(), Math::max);
  }

  private static void wrapped(
      PrintStream out, String first, String others, String text, int columns) {
    String head = first;
    String rest = text;
    while (rest.length() > columns) {
      int space = rest.lastIndexOf(' ', columns);
      int end = space > 0 ? space : columns;
      out.println((head + rest.substring(0, end)).stripTrailing());
      rest = rest.substring(end).stripLeading();
      head = others;
    }
    out.println((head + rest).stripTrailing());
  }

  private String summary() {
    Map<State, Long> counts =
        findings.stream()
            .collect(Collectors.groupingBy(Finding::state, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(count -> count.getValue() + " " + count.getKey().words())
        .collect(Collectors.joining(", "));
  }
}
