package org.llmroutes.ingest;

import java.util.List;

/**
 * What became of the documents.
 *
 * @param added new in the collection
 * @param skipped files of a type that is not read, and empty ones
 * @param removed gone from the collection
 * @param chunks written
 * @param problems files that should have been read and could not
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
    boolean cancelled) {}
