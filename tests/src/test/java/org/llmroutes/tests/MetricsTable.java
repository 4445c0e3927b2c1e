package org.llmroutes.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llmroutes.local.Project;

/** The tables of metrics in {@code docs/observability.md}. */
final class MetricsTable {
  private MetricsTable() {}

  /** One line. */
  record Row(String type, TreeSet<String> labels, String unit, String meaning) {}

  static Map<String, Row> read() {
    Map<String, Row> rows = new TreeMap<>();
    try {
      for (String line : Files.readAllLines(Project.root().resolve("docs/observability.md"))) {
        String[] cells = line.split("\\|");
        if (line.startsWith("| `") && cells.length == 6) {
          TreeSet<String> labels =
              Stream.of(cells[3].replace("`", "").split(","))
                  .map(String::strip)
                  .filter(Predicate.not(String::isEmpty))
                  .collect(Collectors.toCollection(TreeSet::new));
          rows.put(
              cells[1].replace("`", "").strip(),
              new Row(cells[2].strip(), labels, cells[4].strip(), cells[5].strip()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }
}
