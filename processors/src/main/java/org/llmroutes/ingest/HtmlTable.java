package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jsoup.nodes.Element;
import org.jsoup.select.Elements;
import org.llmroutes.ingest.Block.Lines;

/** The rows of a table, each with as many cells as it has columns. */
final class HtmlTable {
  private static final int MAX_SPAN = 100;

  private final List<List<String>> heading = new ArrayList<>();
  private final Table table;
  private boolean begun;

  /** Column to the rest of a cell that reaches into the next rows. */
  private final TreeMap<Integer, Rest> rests = new TreeMap<>();

  private record Rest(String text, int rows) {}

  private HtmlTable(String caption) {
    this.table = new Table(caption);
  }

  /** Whether it is a table rather than a way to lay out a page or code. */
  static boolean isTable(Element table) {
    return !table.is("[role=presentation], [role=none]")
        && table.select("h1, h2, h3, pre, table table").isEmpty()
        && table.select("tr").stream().anyMatch(row -> row.childrenSize() > 1);
  }

  static Lines of(Element table) {
    Element caption = table.selectFirst("caption");
    String title = caption == null ? "" : caption.text();
    Elements rows = table.select("tr");
    if (rows.stream().allMatch(HtmlTable::isPair)) {
      return new Lines(
          title,
          rows.stream().map(row -> row.child(0).text() + ": " + row.child(1).text()).toList(),
          "");
    }
    HtmlTable grid = new HtmlTable(title);
    rows.forEach(grid::add);
    grid.begin();
    return grid.table.lines();
  }

  /** A name and its value, in a table whose names stand on the left. */
  private static boolean isPair(Element row) {
    return row.childrenSize() == 2 && row.child(0).is("th") && row.child(1).is("td");
  }

  private void add(Element row) {
    boolean names = row.closest("thead") != null || row.select("> td").isEmpty();
    List<String> cells = new ArrayList<>();
    for (Element cell : row.select("> td, > th")) {
      addRests(cells);
      int column = cells.size();
      int span = span(cell, "colspan");
      for (int i = 0; i < span; i++) {
        cells.add(i == 0 || names ? cell.text() : "");
      }
      if (span(cell, "rowspan") > 1) {
        rests.put(column, new Rest(cell.text(), span(cell, "rowspan") - 1));
      }
    }
    addRests(cells);
    if (names && !begun) {
      heading.add(cells);
    } else {
      begin();
      table.add(cells);
    }
    // a large table is not held twice
    row.empty();
  }

  private void begin() {
    if (!begun && !heading.isEmpty()) {
      table.add(joinedHeading());
    }
    begun = true;
  }

  private void addRests(List<String> cells) {
    for (Rest rest = rests.remove(cells.size()); rest != null; rest = rests.remove(cells.size())) {
      if (rest.rows() > 1) {
        rests.put(cells.size(), new Rest(rest.text(), rest.rows() - 1));
      }
      cells.add(rest.text());
    }
  }

  private static int span(Element cell, String name) {
    String span = cell.attr(name).strip();
    return span.matches("[1-9]\\d{0,2}") ? Math.min(MAX_SPAN, Integer.parseInt(span)) : 1;
  }

  /** Names in several rows, for instance of groups of columns, read from the top down. */
  private List<String> joinedHeading() {
    int columns = heading.stream().mapToInt(List::size).max().orElse(0);
    List<String> names = new ArrayList<>();
    for (int column = 0; column < columns; column++) {
      int at = column;
      List<String> parts =
          heading.stream()
              .filter(row -> at < row.size() && !row.get(at).isEmpty())
              .map(row -> row.get(at))
              .distinct()
              .toList();
      names.add(String.join(" ", parts));
    }
    return names;
  }
}
