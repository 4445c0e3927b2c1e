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

  void written(boolean known) {
    if (known) {
      changed++;
    } else {
      added++;
    }
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
