package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.llmroutes.errors.StepException;
import org.llmroutes.retrieval.DocumentWriter;
import org.llmroutes.retrieval.DocumentWriter.Entity;

/**
 * Embeds and writes chunks in batches that may hold parts of several documents. A part that the
 * embedding service or Milvus refuses is left out and named; its document has what is left.
 *
 * <p>The first row of a document is written last, once its other rows are there and those of a
 * longer version before it are gone. So the version in the first row stands for the whole document,
 * wherever an ingestion was broken off.
 */
final class ChunkWriter {
  private static final int BATCH = 64;

  private final ChunkEmbedder embedder;
  private final DocumentWriter writer;
  private final String collection;
  private final Tally tally;
  private final RowWriter rows;
  private final List<Pending> pending = new ArrayList<>();

  private record Pending(OpenDocument document, Chunk chunk) {}

  ChunkWriter(ChunkEmbedder embedder, DocumentWriter writer, String collection, Tally tally) {
    this.embedder = embedder;
    this.writer = writer;
    this.collection = collection;
    this.tally = tally;
    this.rows = new RowWriter(writer, collection);
  }

  /** Takes in a document; what makes a full batch is written at once. */
  void add(NewVersion version) {
    OpenDocument document = new OpenDocument(version);
    for (Chunk chunk : version.chunks()) {
      pending.add(new Pending(document, chunk));
      if (pending.size() == BATCH) {
        flush();
      }
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
    Map<String, OpenDocument> documents = new LinkedHashMap<>();
    pending.forEach(next -> documents.put(next.document().name(), next.document()));
    write(embedded(), documents);
    finish(documents.values().stream().filter(OpenDocument::isWhole).toList());
    pending.clear();
  }

  /** The rows to write now; the first one of each document waits in it. */
  private List<Entity> embedded() {
    List<Entity> ready = new ArrayList<>();
    embedder.embed(
        pending.stream().map(Pending::chunk).toList(),
        new ChunkEmbedder.Outcome() {
          @Override
          public void embedded(int index, Chunk part, float[] vector) {
            pending.get(index).document().take(part, vector).ifPresent(ready::add);
          }

          @Override
          public void refused(int index, Chunk part, StepException why) {
            pending.get(index).document().leaveOut(part, why.getMessage());
          }
        });
    pending.forEach(next -> next.document().chunkDone());
    return ready;
  }

  private void write(List<Entity> ready, Map<String, OpenDocument> documents) {
    List<RowWriter.Refusal> refusals = rows.write(ready);
    refusals.forEach(refusal -> documents.get(refusal.row().document()).refused(refusal));
    tally.chunks(ready.size() - missing(refusals));
  }

  private void finish(List<OpenDocument> whole) {
    Map<String, Integer> ends = new HashMap<>();
    Map<String, OpenDocument> documents = new LinkedHashMap<>();
    List<Entity> firsts = new ArrayList<>();
    for (OpenDocument document : whole) {
      document
          .first()
          .ifPresent(
              row -> {
                firsts.add(row);
                ends.put(document.name(), document.written());
                documents.put(document.name(), document);
              });
    }
    writer.deleteFrom(collection, ends);
    write(firsts, documents);
    whole.forEach(tally::done);
  }

  private static int missing(List<RowWriter.Refusal> refusals) {
    return (int) refusals.stream().filter(refusal -> !refusal.stored()).count();
  }
}
