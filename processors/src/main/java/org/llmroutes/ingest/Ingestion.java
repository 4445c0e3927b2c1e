package org.llmroutes.ingest;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Resilience;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.config.Settings;
import org.llmroutes.http.Deadline;
import org.llmroutes.progress.Progress;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.retrieval.DocumentInventory;
import org.llmroutes.retrieval.DocumentWriter;
import org.llmroutes.retrieval.EmbeddingSpace;
import org.llmroutes.retrieval.Embeddings;
import org.llmroutes.retrieval.HttpEmbeddings;
import org.llmroutes.retrieval.MilvusConnection;

/**
 * Brings a collection to the state of files: reads them, cuts them into chunks, embeds these and
 * writes them. Documents that are in the collection as they are now are only looked up.
 */
public final class Ingestion {
  private static final int LOOK_UP = 200;

  private final Embeddings embeddings;
  private final String model;
  private final IngestionLimits limits;
  private final DocumentCollection collections;
  private final DocumentWriter writer;
  private final DocumentInventory inventory;

  /**
   * @param model name of the embedding model; with another one, every document counts as changed
   */
  public Ingestion(
      Embeddings embeddings, String model, MilvusConnection milvus, IngestionLimits limits) {
    this.embeddings = embeddings;
    this.model = model;
    this.limits = limits;
    this.collections = new DocumentCollection(milvus);
    this.writer = new DocumentWriter(milvus);
    this.inventory = new DocumentInventory(milvus);
  }

  /** With the embedding service of the settings, over calls of its own. */
  public static Ingestion of(Settings settings, MilvusConnection milvus) {
    ServiceSettings service = PlatformServices.load(settings).embeddings();
    // texts that it refuses, one after the other, say nothing about the service
    Resilience patient = Resilience.attempts(service.resilience().attempts());
    return new Ingestion(
        HttpEmbeddings.of(service.withResilience(patient)),
        service.model(),
        milvus,
        IngestionLimits.of(settings));
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
    sources.problems().forEach(tally::problem);
    String collection = request.collection();
    EmbeddingSpace space = embeddings.space(Deadline.never());
    collections.ensure(collection, space);
    Chunker chunker = new Chunker(embeddings.passageTokens(Deadline.never()));
    ChunkEmbedder embedder = new ChunkEmbedder(embeddings, space.size(), chunker, progress);
    boolean cancelled = false;
    try {
      ChunkWriter chunks = new ChunkWriter(embedder, writer, collection, tally);
      DocumentReader reader =
          new DocumentReader(
              new Reading(limits.fileTime(), progress), limits, chunker, model, request.metadata());
      write(request, List.copyOf(sources.files()), reader, chunks, tally, progress);
      Pruning pruning = new Pruning(inventory, writer, sources, tally);
      roots.forEach(root -> pruning.prune(request, root));
    } catch (CancellationException e) {
      cancelled = true;
    }
    inventory.awaitVisible(collection);
    return tally.report(sources.otherTypes(), cancelled);
  }

  private void write(
      IngestionRequest request,
      List<SourceFile> files,
      DocumentReader reader,
      ChunkWriter chunks,
      Tally tally,
      Progress progress) {
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
      String stored = versions.get(Fingerprint.id(file.document(), 0));
      try {
        take(
            request, reader.read(file, StoredVersion.parse(stored), stored != null), chunks, tally);
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

  private void take(
      IngestionRequest request, DocumentReader.Content content, ChunkWriter chunks, Tally tally) {
    NewVersion version = content.version();
    tally.warnings(version.document(), version.lacks(), content.warnings());
    if (!content.changed()) {
      tally.unchanged();
    } else if (!version.chunks().isEmpty()) {
      chunks.add(version);
    } else if (content.bytes() == 0 && version.known() && request.prune() == Prune.NONE) {
      // perhaps it is being written just now
      tally.note(new Problem(version.document(), "is empty now; its older version stays"));
      tally.unchanged();
    } else if (version.known()) {
      writer.deleteFrom(request.collection(), Map.of(version.document(), 0));
      tally.removed(1);
    } else {
      tally.empty(version.document());
    }
  }
}
