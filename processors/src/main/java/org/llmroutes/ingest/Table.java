package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.List;
import org.llmroutes.ingest.Block.Lines;

/**
 * Collects the rows of a table, of which the first one is its heading. Rows that are too wide to be
 * read below their heading become {@code heading: value; heading: value}.
 */
final class Table {
  private static final int WIDE_COLUMNS = 8;
  private static final int WIDE_HEADING = 200;

  private final String caption;
  private final List<String> rows = new ArrayList<>();
  private List<String> heading;

  /**
   * @param caption stands above each piece of it, may be empty
   */
  Table(String caption) {
    this.caption = caption;
  }

  static Lines of(String caption, List<List<String>> rows) {
    Table table = new Table(caption);
    rows.forEach(table::add);
    return table.lines();
  }

  void add(List<String> cells) {
    List<String> row = cells.stream().map(cell -> cell.replaceAll("\\s+", " ").strip()).toList();
    if (heading == null) {
      heading = row;
    } else if (row.stream().anyMatch(cell -> !cell.isEmpty())) {
      rows.add(isWide() ? named(row) : barred(row));
    }
  }

  boolean isEmpty() {
    return heading == null;
  }

  /** Of a table that is not empty. */
  Lines lines() {
    if (rows.isEmpty()) {
      return new Lines(caption, List.of(barred(heading)), "");
    }
    List<String> head = new ArrayList<>();
    if (!caption.isEmpty()) {
      head.add(caption);
    }
    if (!isWide()) {
      head.add(barred(heading));
      head.add("|" + "---|".repeat(heading.size()));
    }
    return new Lines(String.join("\n", head), rows, "");
  }

  private boolean isWide() {
    return heading.size() > WIDE_COLUMNS
        || heading.stream().mapToInt(String::length).sum() > WIDE_HEADING;
  }

  private static String barred(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  private String named(List<String> cells) {
    List<String> named = new ArrayList<>();
    for (int column = 0; column < cells.size(); column++) {
      String name = column < heading.size() ? heading.get(column) : "";
      if (!cells.get(column).isEmpty()) {
        named.add((name.isEmpty() ? "" : name + ": ") + cells.get(column));
      }
    }
    return String.join("; ", named);
  }
}
