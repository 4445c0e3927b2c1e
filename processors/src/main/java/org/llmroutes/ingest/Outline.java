package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.llmroutes.ingest.Block.Lines;
import org.llmroutes.ingest.Block.Prose;

/** Collects headings and blocks in the order of the document, and makes its sections of them. */
final class Outline {
  private final TreeMap<Integer, String> open = new TreeMap<>();
  private final List<Draft> drafts = new ArrayList<>();
  private String firstTitle = "";

  private record Draft(List<String> headings, String anchor, List<Block> blocks) {}

  Outline() {
    drafts.add(new Draft(List.of(), "", new ArrayList<>()));
  }

  /**
   * @param level 1 is the highest
   * @param anchor by which a link to the document reaches the heading, empty where it has none
   */
  void heading(int level, String text, String anchor) {
    if (text.isBlank()) {
      return;
    }
    open.tailMap(level, true).clear();
    open.put(level, text.strip());
    if (level == 1 && firstTitle.isEmpty()) {
      firstTitle = text.strip();
    }
    drafts.add(new Draft(List.copyOf(open.values()), anchor, new ArrayList<>()));
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

  /** The first heading of level 1, empty where there is none. */
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
    List<String> path = new ArrayList<>(draft.headings());
    if (path.isEmpty() || !path.get(0).equals(documentTitle)) {
      path.add(0, documentTitle);
    }
    String heading = draft.headings().isEmpty() ? "" : path.get(path.size() - 1);
    return new Section(
        String.join(" > ", path),
        heading,
        List.copyOf(draft.blocks()),
        draft.anchor().isEmpty() ? Map.of() : Map.of(Metadata.ANCHOR, draft.anchor()));
  }
}
