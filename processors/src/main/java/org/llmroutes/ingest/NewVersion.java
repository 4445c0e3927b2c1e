package org.llmroutes.ingest;

import java.util.List;
import java.util.Map;

/**
 * A document to write.
 *
 * @param known whether the collection has an older version
 * @param version as {@link Fingerprint} makes it
 * @param chunks all of them, at least one
 */
record NewVersion(
    String document,
    boolean known,
    String version,
    Map<String, Object> metadata,
    List<Chunk> chunks) {}
