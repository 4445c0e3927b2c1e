package org.llmroutes.ingest;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What became of the documents.
 *
 * @param added new in the collection
 * @param skipped files of a type that is not read, and files without text
 * @param removed gone from the collection
 * @param chunks written
 * @param problems files that should have been read and could not, or not whole
 * @param notes what else should be known of files
 * @param otherTypes how many files there are of types that are not read
 * @param cancelled whether it ended before its end
 */
public record IngestionReport(
    int added,
    int changed,
    int unchanged,
    int skipped,
    int removed,
    int chunks,
    List<Problem> problems,
    List<Problem> notes,
    Map<String, Integer> otherTypes,
    boolean cancelled) {

  /** What was done, and what was left out first, in one line. */
  public String summary() {
    String counts =
        "%d documents new, %d changed, %d unchanged, %d skipped"
            .formatted(added, changed, unchanged, skipped);
    if (problems.isEmpty()) {
      return counts;
    }
    Problem first = problems.get(0);
    return "%s, %d left out; the first of them: %s %s"
        .formatted(counts, problems.size(), first.document(), first.reason());
  }

  /** The types that are not read, for instance {@code 2 .zip, 1 .exe}; empty for none. */
  public String otherTypesInWords() {
    return otherTypes.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .map(type -> type.getValue() + " " + type.getKey())
        .collect(Collectors.joining(", "));
  }
}
