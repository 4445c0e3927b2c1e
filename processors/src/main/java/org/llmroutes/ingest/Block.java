package org.llmroutes.ingest;

import java.util.List;

/** A piece of a document that is kept whole where a chunk can hold it; of visible text. */
sealed interface Block {

  /** Running text; one larger than a chunk is cut between sentences. */
  record Prose(String text) implements Block {
    public Prose {
      text = VisibleText.of(text).strip();
    }
  }

  /**
   * Code, a table, a list: one larger than a chunk is cut between lines, and every piece gets head
   * and tail.
   *
   * @param head for instance the heading row of a table, may be empty
   * @param tail for instance the fence that ends code, may be empty
   */
  record Lines(String head, List<String> lines, String tail) implements Block {
    public Lines {
      head = VisibleText.of(head);
      lines = lines.stream().map(VisibleText::of).toList();
    }

    static Lines list(List<String> items) {
      return new Lines("", items, "");
    }

    static Lines code(String language, String code) {
      return new Lines("```" + language, code.stripTrailing().lines().toList(), "```");
    }
  }
}
