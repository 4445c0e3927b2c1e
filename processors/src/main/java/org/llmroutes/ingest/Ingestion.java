package org.llmroutes.ingest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.llmroutes.http.Deadline;
import org.llmroutes.progress.Progress;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.retrieval.DocumentInventory;
import org.llmroutes.retrieval.DocumentWriter;
import org.llmroutes.retrieval.EmbeddingSpace;
import org.llmroutes.retrieval.Embeddings;
import org.llmroutes.retrieval.MilvusConnection;
import org.llmroutes.retrieval.ModificationDate;

/**
 * Brings a collection to the state of files: reads them, cuts them into chunks, embeds these and
 * writes them. Documents that are in the collection as they are now are only looked up.
 */
public final class Ingestion {
  private static final int LOOK_UP = 200;
  private static final int INPUT_TOKENS = 512;

  private final Embeddings embeddings;
  private final String model;
  private final Chunker chunker = new Chunker(INPUT_TOKENS);
  private final DocumentCollection collections;
  private final DocumentWriter writer;
  private final DocumentInventory inventory;

  /**
   * @param model name of the embedding model; with another one, every document counts as changed
   */
  public Ingestion(Embeddings embeddings, String model, MilvusConnection milvus) {
    this.embeddings = embeddings;
    this.model = model;
    this.collections = new DocumentCollection(milvus);
    this.writer = new DocumentWriter(milvus);
    this.inventory = new DocumentInventory(milvus);
  }

  /**
   * Returns once a search finds everything that was written. What one file does wrong is in the
   * report, and the others are ingested all the same.
   *
   * @throws org.llmroutes.errors.StepException where the embedding service or Milvus fails; running
   *     it again goes on from there; rejected where the collection is not ours or holds vectors of
   *     another model
   */
  public IngestionReport ingest(IngestionRequest request, Progress progress) {
    List<SourceRoot> roots =
        request.paths().stream().map(path -> SourceRoot.of(path, request.base())).toList();
    SourceFiles sources = new SourceFiles(request.shard());
    roots.forEach(sources::add);
    Tally tally = new Tally();
    tally.skipped(sources.skipped());
    sources.problems().forEach(tally::problem);
    String collection = request.collection();
    EmbeddingSpace space = embeddings.space(Deadline.never());
    collections.ensure(collection, space);
    ChunkEmbedder embedder = new ChunkEmbedder(embeddings, space.size(), chunker, progress);
    boolean cancelled = false;
    try {
      write(request, embedder, List.copyOf(sources.files()), tally, progress);
      if (request.prune()) {
        roots.stream().filter(SourceRoot::isFolder).forEach(root -> prune(request, root, tally));
      }
    } catch (CancellationException e) {
      cancelled = true;
    }
    inventory.awaitVisible(collection);
    return tally.report(cancelled);
  }

  private void write(
      IngestionRequest request,
      ChunkEmbedder embedder,
      List<SourceFile> files,
      Tally tally,
      Progress progress) {
    ChunkWriter chunks = new ChunkWriter(embedder, writer, request.collection(), tally);
    Map<String, String> versions = Map.of();
    for (int i = 0; i < files.size(); i++) {
      if (progress.cancelled()) {
        throw new CancellationException();
      }
      if (i % LOOK_UP == 0) {
        versions =
            versions(request.collection(), files.subList(i, Math.min(files.size(), i + LOOK_UP)));
      }
      SourceFile file = files.get(i);
      try {
        ingest(request, file, versions.get(Fingerprint.id(file.document(), 0)), chunks, tally);
      } catch (InvalidDocument e) {
        tally.problem(new Problem(file.document(), e.getMessage()));
      }
      progress.advanced(i + 1, files.size());
    }
    chunks.flush();
  }

  private Map<String, String> versions(String collection, List<SourceFile> files) {
    List<String> ids = files.stream().map(file -> Fingerprint.id(file.document(), 0)).toList();
    return inventory.values(collection, ids, Metadata.CONTENT_HASH);
  }

  private void ingest(
      IngestionRequest request, SourceFile file, String stored, ChunkWriter writes, Tally tally)
      throws InvalidDocument {
    byte[] content = file.read();
    String version = Fingerprint.version(content, request.metadata(), model);
    if (version.equals(stored)) {
      tally.unchanged();
      return;
    }
    ParsedDocument parsed = file.format().parse(file.path(), content);
    List<Chunk> chunks = chunker.chunks(parsed);
    if (chunks.isEmpty()) {
      writer.deleteFrom(request.collection(), Map.of(file.document(), 0));
      tally.skipped(stored == null ? 1 : 0);
      tally.removed(stored == null ? 0 : 1);
      return;
    }
    Map<String, Object> metadata = new HashMap<>(parsed.metadata());
    metadata.putAll(request.metadata());
    metadata.putIfAbsent(ModificationDate.FIELD, file.modified().toString());
    writes.add(new NewVersion(file.document(), stored != null, version, metadata, chunks));
  }

  private void prune(IngestionRequest request, SourceRoot root, Tally tally) {
    String collection = request.collection();
    Map<String, Integer> gone =
        inventory.documents(collection, root.name()).stream()
            .filter(request.shard()::holds)
            .filter(root::isGone)
            .collect(Collectors.toMap(document -> document, document -> 0));
    writer.deleteFrom(collection, gone);
    tally.removed(gone.size());
  }
}
