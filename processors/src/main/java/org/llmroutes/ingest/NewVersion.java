package org.llmroutes.ingest;

import java.util.List;
import java.util.Map;

/**
 * A document to write.
 *
 * @param known whether the collection has an older version
 * @param hash as {@link Fingerprint} makes it
 * @param lacks what could not be read of it, which reads on after its name; empty for nothing
 * @param readers of all its chunks
 * @param chunks all of them
 */
record NewVersion(
    String document,
    boolean known,
    String hash,
    String lacks,
    List<String> readers,
    Map<String, Object> metadata,
    List<Chunk> chunks) {}
