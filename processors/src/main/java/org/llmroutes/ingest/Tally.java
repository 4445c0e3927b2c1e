package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.List;

/** Counts while an ingestion runs. */
final class Tally {
  private final List<Problem> problems = new ArrayList<>();
  private int added;
  private int changed;
  private int unchanged;
  private int skipped;
  private int removed;
  private int chunks;

  void done(OpenDocument document) {
    if (document.isThere()) {
      changed += document.isKnown() ? 1 : 0;
      added += document.isKnown() ? 0 : 1;
    }
    document.problem().ifPresent(problems::add);
  }

  void unchanged() {
    unchanged++;
  }

  void skipped(int files) {
    skipped += files;
  }

  void removed(int documents) {
    removed += documents;
  }

  void chunks(int written) {
    chunks += written;
  }

  void problem(Problem problem) {
    problems.add(problem);
  }

  IngestionReport report(boolean cancelled) {
    return new IngestionReport(
        added, changed, unchanged, skipped, removed, chunks, List.copyOf(problems), cancelled);
  }
}
