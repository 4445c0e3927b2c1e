package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Counts while an ingestion runs. */
final class Tally {
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> notes = new ArrayList<>();
  private int added;
  private int changed;
  private int unchanged;
  private int empty;
  private int removed;
  private int chunks;

  void done(OpenDocument document) {
    if (document.isThere()) {
      changed += document.isKnown() ? 1 : 0;
      added += document.isKnown() ? 0 : 1;
      IngestionMeters.documents(document.isKnown() ? "changed" : "added", 1);
    }
    document.problem().ifPresent(this::problem);
  }

  /** A document that has other readers now, and else is as it was. */
  void readersChanged(int chunks) {
    changed++;
    IngestionMeters.documents("changed", 1);
    chunks(chunks);
  }

  void unchanged() {
    unchanged++;
    IngestionMeters.documents("unchanged", 1);
  }

  /** A file without text. */
  void empty(String document) {
    empty++;
    IngestionMeters.documents("empty", 1);
    note(new Problem(document, "has no text"));
  }

  void removed(int documents) {
    removed += documents;
    IngestionMeters.documents("removed", documents);
  }

  void chunks(int written) {
    chunks += written;
    IngestionMeters.chunks(written);
  }

  void problem(Problem problem) {
    problems.add(problem);
    IngestionMeters.documents("failed", 1);
  }

  void note(Problem note) {
    notes.add(note);
  }

  /**
   * @param lacks what is missing of the document, empty for nothing
   * @param warnings of its parser, those of what is missing among them
   */
  void warnings(String document, String lacks, List<Warning> warnings) {
    if (!lacks.isEmpty()) {
      problem(new Problem(document, lacks));
    }
    warnings.stream()
        .filter(warning -> !warning.leftOut())
        .forEach(warning -> notes.add(new Problem(document, warning.reason())));
  }

  /**
   * @param otherTypes files that are not read
   */
  IngestionReport report(Map<String, Integer> otherTypes, boolean cancelled) {
    int others = otherTypes.values().stream().mapToInt(Integer::intValue).sum();
    return new IngestionReport(
        added,
        changed,
        unchanged,
        empty + others,
        removed,
        chunks,
        List.copyOf(problems),
        List.copyOf(notes),
        otherTypes,
        cancelled);
  }
}
