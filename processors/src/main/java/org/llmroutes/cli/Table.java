package org.llmroutes.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Columns as wide as what they hold; the last takes what the terminal leaves. */
final class Table {
  private static final int LAST_COLUMN_AT_LEAST = 20;

  private final List<List<String>> rows = new ArrayList<>();

  Table(String... head) {
    rows.add(List.of(head));
  }

  /**
   * @param values as many as there are columns; null and empty ones are shown as a dash
   */
  void add(Collection<?> values) {
    rows.add(
        values.stream()
            .map(value -> value == null || "".equals(value) ? "-" : value.toString())
            .map(Printable::line)
            .toList());
  }

  /** Prints nothing where there are no rows. */
  void print(PrintStream out, int columns) {
    if (rows.size() == 1) {
      return;
    }
    int last = rows.get(0).size() - 1;
    StringBuilder format = new StringBuilder();
    int taken = 0;
    for (int i = 0; i < last; i++) {
      int column = i;
      int width = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
      format.append("%-").append(width).append("s  ");
      taken += width + 2;
    }
    int left = Math.max(LAST_COLUMN_AT_LEAST, columns - taken);
    format.append("%.").append(left).append("s%n");
    rows.forEach(row -> out.printf(format.toString(), row.toArray()));
  }
}
