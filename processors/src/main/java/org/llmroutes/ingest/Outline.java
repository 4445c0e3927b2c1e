package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.llmroutes.ingest.Block.Lines;
import org.llmroutes.ingest.Block.Prose;

/** Collects headings and blocks in the order of the document, and makes its sections of them. */
final class Outline {
  private final TreeMap<Integer, Heading> open = new TreeMap<>();
  private final List<Draft> drafts = new ArrayList<>();
  private String firstTitle = "";

  private record Heading(String text, String anchor) {}

  private record Draft(List<Heading> headings, List<Block> blocks) {}

  Outline() {
    begin();
  }

  private void begin() {
    drafts.add(new Draft(List.copyOf(open.values()), new ArrayList<>()));
  }

  /**
   * @param level 1 is the highest of a text, 0 that of the title above it
   * @param anchor by which a link to the document reaches the heading, empty where it has none
   */
  void heading(int level, String text, String anchor) {
    String words = VisibleText.of(text).strip();
    if (words.isEmpty()) {
      return;
    }
    open.tailMap(level, true).clear();
    open.put(level, new Heading(words, anchor));
    if (level <= 1 && firstTitle.isEmpty()) {
      firstTitle = words;
    }
    begin();
  }

  /** Ends what stands below the headings of that level and of lower ones. */
  void leave(int level) {
    open.tailMap(level, true).clear();
    begin();
  }

  void prose(String text) {
    if (!text.isBlank()) {
      drafts.get(drafts.size() - 1).blocks().add(new Prose(text.strip()));
    }
  }

  void lines(Lines lines) {
    if (!lines.lines().isEmpty() || !lines.head().isEmpty() && lines.tail().isEmpty()) {
      drafts.get(drafts.size() - 1).blocks().add(lines);
    }
  }

  /** The first heading of level 0 or 1, empty where there is none. */
  String firstTitle() {
    return firstTitle;
  }

  /** The sections that have content, below the title of the document. */
  List<Section> sections(String documentTitle) {
    return drafts.stream()
        .filter(draft -> !draft.blocks().isEmpty())
        .map(draft -> section(draft, documentTitle))
        .toList();
  }

  private static Section section(Draft draft, String documentTitle) {
    List<String> path = new ArrayList<>(draft.headings().stream().map(Heading::text).toList());
    if (path.isEmpty() || !path.get(0).equals(documentTitle)) {
      path.add(0, documentTitle);
    }
    Heading last =
        draft.headings().isEmpty()
            ? new Heading("", "")
            : draft.headings().get(draft.headings().size() - 1);
    return new Section(
        String.join(" > ", path),
        last.text(),
        List.copyOf(draft.blocks()),
        last.anchor().isEmpty() ? Map.of() : Map.of(Metadata.ANCHOR, last.anchor()));
  }
}
