package org.llmroutes.local.ai;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Cuts a Markdown text into what can be quoted alone: sentences, list items, table rows, lines of
 * code.
 */
final class QuotableParts {
  private final List<Part> parts = new ArrayList<>();
  private final StringBuilder prose = new StringBuilder();
  private List<String> header = List.of();

  enum Kind {
    SENTENCE,
    ITEM,
    CODE
  }

  /**
   * @param text of a row of a table: {@code first cell: second cell; name of the third column:
   *     third cell}
   */
  record Part(Kind kind, String text) {
    int words() {
      return text.strip().split("\\s+").length;
    }
  }

  private QuotableParts() {}

  /** In the order of the text. */
  static List<Part> of(String text) {
    QuotableParts cut = new QuotableParts();
    boolean code = false;
    for (String line : text.lines().toList()) {
      if (line.strip().startsWith("```")) {
        cut.endProse();
        code = !code;
      } else if (code) {
        cut.add(Kind.CODE, line);
      } else {
        cut.line(line);
      }
    }
    cut.endProse();
    return cut.parts;
  }

  private void line(String line) {
    String text = line.strip();
    if (text.isEmpty()) {
      endProse();
      header = List.of();
    } else if (text.startsWith("|")) {
      endProse();
      row(text);
    } else if (text.startsWith("- ") || text.startsWith("* ") || text.matches("\\d+[.)] .*")) {
      endProse();
      add(Kind.ITEM, text.substring(text.indexOf(' ') + 1));
    } else if (line.startsWith("  ") && prose.isEmpty() && lastIsItem()) {
      Part item = parts.remove(parts.size() - 1);
      add(Kind.ITEM, item.text() + " " + text);
    } else {
      prose.append(prose.isEmpty() ? "" : " ").append(text);
    }
  }

  private boolean lastIsItem() {
    return !parts.isEmpty() && parts.get(parts.size() - 1).kind() == Kind.ITEM;
  }

  private void row(String line) {
    List<String> cells =
        Arrays.stream(line.substring(1).split("(?<!\\\\)\\|")).map(String::strip).toList();
    if (cells.stream().allMatch(cell -> cell.matches(":?-+:?"))) {
      return;
    }
    if (header.isEmpty()) {
      header = cells;
      return;
    }
    List<String> said = new ArrayList<>();
    for (int i = 1; i < cells.size(); i++) {
      String name = i > 1 && i < header.size() ? header.get(i) + ": " : "";
      if (!cells.get(i).isEmpty()) {
        said.add(name + cells.get(i));
      }
    }
    String rest = said.stream().collect(Collectors.joining("; "));
    add(Kind.ITEM, rest.isEmpty() ? cells.get(0) : cells.get(0) + ": " + rest);
  }

  private void endProse() {
    String text = prose.toString();
    prose.setLength(0);
    BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
    sentences.setText(text);
    int start = 0;
    for (int end = sentences.next(); end != BreakIterator.DONE; end = sentences.next()) {
      // a question mark inside of an address ends no sentence
      if (end == text.length() || Character.isWhitespace(text.charAt(end - 1))) {
        add(Kind.SENTENCE, text.substring(start, end).strip());
        start = end;
      }
    }
  }

  private void add(Kind kind, String text) {
    if (!text.isBlank()) {
      parts.add(new Part(kind, text));
    }
  }
}
