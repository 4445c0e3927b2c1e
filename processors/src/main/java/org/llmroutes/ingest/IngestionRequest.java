package org.llmroutes.ingest;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What to ingest.
 *
 * @param paths files and folders that exist
 * @param given what else there is, in memory
 * @param base absolute; documents below it are named relative to it, others relative to the parent
 *     of their path
 * @param readers of every document, as {@link org.llmroutes.retrieval.Readers} makes them; empty
 *     for those that a document says itself, or has, or else the default
 * @param metadata of every chunk; names as {@link Metadata#isName} allows, scalars
 * @param prune which documents below the paths' names to remove
 * @param shard what to ingest of it
 */
public record IngestionRequest(
    String collection,
    List<Path> paths,
    List<GivenDocument> given,
    Path base,
    List<String> readers,
    Map<String, Object> metadata,
    Prune prune,
    Shard shard) {

  /** One document with its readers. */
  public static IngestionRequest of(
      GivenDocument document, String collection, List<String> readers) {
    return new IngestionRequest(
        collection,
        List.of(),
        List.of(document),
        Path.of("").toAbsolutePath(),
        readers,
        Map.of(),
        Prune.NONE,
        Shard.ALL);
  }
}
