package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.llmroutes.http.Deadline;
import org.llmroutes.progress.Progress;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.retrieval.DocumentWriter;
import org.llmroutes.retrieval.DocumentWriter.Entity;
import org.llmroutes.retrieval.Embeddings;

/**
 * Embeds and writes chunks in batches that may hold parts of several documents.
 *
 * <p>The first chunk of a document is written last, once its other chunks are there and those of a
 * longer version before it are gone. So the version in the first chunk stands for the whole
 * document, wherever an ingestion was broken off.
 */
final class ChunkWriter {
  private static final int BATCH = 64;

  private final Embeddings embeddings;
  private final DocumentCollection collections;
  private final DocumentWriter writer;
  private final String collection;
  private final Tally tally;
  private final Progress progress;
  private final List<Pending> pending = new ArrayList<>();

  private record Pending(NewVersion document, Chunk chunk) {}

  /**
   * A document to write.
   *
   * @param known whether the collection has an older version
   * @param chunks all of them, at least one
   */
  record NewVersion(
      String document,
      boolean known,
      String version,
      Map<String, Object> metadata,
      List<Chunk> chunks) {}

  ChunkWriter(
      Embeddings embeddings,
      DocumentCollection collections,
      DocumentWriter writer,
      String collection,
      Tally tally,
      Progress progress) {
    this.embeddings = embeddings;
    this.collections = collections;
    this.writer = writer;
    this.collection = collection;
    this.tally = tally;
    this.progress = progress;
  }

  /** Takes in a document; what makes a full batch is written at once. */
  void add(NewVersion document) {
    for (Chunk chunk : document.chunks().subList(1, document.chunks().size())) {
      add(document, chunk);
    }
    add(document, document.chunks().get(0));
  }

  private void add(NewVersion document, Chunk chunk) {
    pending.add(new Pending(document, chunk));
    if (pending.size() == BATCH) {
      flush();
    }
  }

  /**
   * Writes what is left.
   *
   * @throws CancellationException where the ingestion was cancelled before
   */
  void flush() {
    if (pending.isEmpty()) {
      return;
    }
    if (progress.cancelled()) {
      throw new CancellationException();
    }
    List<float[]> vectors =
        embeddings.embedPassages(
            pending.stream().map(p -> p.chunk().embedded()).toList(), Deadline.never());
    collections.ensure(collection, vectors.get(0).length);
    List<Entity> others = new ArrayList<>();
    List<Entity> first = new ArrayList<>();
    Map<String, Integer> complete = new HashMap<>();
    for (int i = 0; i < pending.size(); i++) {
      Pending next = pending.get(i);
      boolean last = next.chunk().position() == 0;
      (last ? first : others).add(entity(next, vectors.get(i)));
      if (last) {
        complete.put(next.document().document(), next.document().chunks().size());
      }
    }
    writer.upsert(collection, others);
    writer.deleteFrom(collection, complete);
    writer.upsert(collection, first);
    pending.stream()
        .filter(p -> p.chunk().position() == 0)
        .forEach(p -> tally.written(p.document().known()));
    tally.chunks(pending.size());
    pending.clear();
  }

  private static Entity entity(Pending pending, float[] vector) {
    NewVersion document = pending.document();
    Chunk chunk = pending.chunk();
    Map<String, Object> metadata = new HashMap<>(document.metadata());
    metadata.putAll(chunk.metadata());
    metadata.put(Metadata.CONTENT_HASH, document.version());
    return new Entity(
        Fingerprint.id(document.document(), chunk.position()),
        document.document(),
        chunk.title(),
        chunk.position(),
        chunk.text(),
        vector,
        metadata);
  }
}
