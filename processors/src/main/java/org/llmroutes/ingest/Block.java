package org.llmroutes.ingest;

import java.util.List;

/** A piece of a document that is kept whole where a chunk can hold it. */
sealed interface Block {

  /** Running text; one larger than a chunk is cut between sentences. */
  record Prose(String text) implements Block {}

  /**
   * Code, a table, a list: one larger than a chunk is cut between lines, and every piece gets head
   * and tail.
   *
   * @param head for instance the heading row of a table, may be empty
   * @param tail for instance the fence that ends code, may be empty
   */
  record Lines(String head, List<String> lines, String tail) implements Block {

    static Lines list(List<String> items) {
      return new Lines("", items, "");
    }

    static Lines code(String language, String code) {
      return new Lines("```" + language, code.stripTrailing().lines().toList(), "```");
    }

    /**
     * @param rows the first one is the heading; at least one
     */
    static Lines table(List<List<String>> rows) {
      String head = row(rows.get(0)) + "\n|" + "---|".repeat(rows.get(0).size());
      return new Lines(head, rows.stream().skip(1).map(Lines::row).toList(), "");
    }

    private static String row(List<String> cells) {
      return "| " + String.join(" | ", cells) + " |";
    }
  }
}
