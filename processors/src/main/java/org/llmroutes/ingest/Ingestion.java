package org.llmroutes.ingest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.llmroutes.retrieval.Readers;
import org.llmroutes.retrieval.ReadersWriter;

/**
 * Brings a collection to the state of files: reads them, cuts them into chunks, embeds these and
 * writes them. Documents that are in the collection as they are now are only looked up.
 */
public final class Ingestion {
  private static final int LOOK_UP = 200;
  private static final String DEFAULT_READERS = "ingestion.default-readers";

  private final Embeddings embeddings;
  private final String model;
  private final IngestionLimits limits;
  private final List<String> defaultReaders;
  private final DocumentCollection collections;
  private final DocumentWriter writer;
  private final DocumentInventory inventory;
  private final ReadersWriter readersWriter;

  /**
   * @param model name of the embedding model; with another one, every document counts as changed
   * @param defaultReaders of a new document of which nothing says who reads it
   */
  public Ingestion(
      Embeddings embeddings,
      String model,
      MilvusConnection milvus,
      IngestionLimits limits,
      List<String> defaultReaders) {
    this.embeddings = embeddings;
    this.model = model;
    this.limits = limits;
    this.defaultReaders = defaultReaders;
    this.collections = new DocumentCollection(milvus);
    this.writer = new DocumentWriter(milvus);
    this.inventory = new DocumentInventory(milvus);
    this.readersWriter = new ReadersWriter(milvus, inventory);
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
        IngestionLimits.of(settings),
        defaultReaders(settings));
  }

  private static List<String> defaultReaders(Settings settings) {
    try {
      return Readers.parse(settings.get(DEFAULT_READERS));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(DEFAULT_READERS + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns once a search finds everything that was written. What one file does wrong is in the
   * report, and the others are ingested all the same.
   *
   * @throws org.llmroutes.errors.StepException where the embedding service or Milvus fails; running
   *     it again goes on from there; rejected where the collection is not ours, holds vectors of
   *     another model or cannot have readers
   */
  public IngestionReport ingest(IngestionRequest request, Progress progress) {
    List<SourceRoot> roots =
        request.paths().stream().map(path -> SourceRoot.of(path, request.base())).toList();
    SourceFiles sources = new SourceFiles(request.shard());
    roots.forEach(sources::add);
    request.given().forEach(sources::add);
    Tally tally = new Tally();
    sources.problems().forEach(tally::problem);
    String collection = request.collection();
    EmbeddingSpace space = embeddings.space(Deadline.never());
    collections.ensure(collection, space);
    collections.requireReaders(collection);
    Chunker chunker = new Chunker(embeddings.passageTokens(Deadline.never()));
    ChunkEmbedder embedder = new ChunkEmbedder(embeddings, space.size(), chunker, progress);
    boolean cancelled = false;
    try {
      ChunkWriter chunks = new ChunkWriter(embedder, writer, collection, tally);
      DocumentReader reader =
          new DocumentReader(
              new Reading(limits.fileTime(), progress),
              limits,
              chunker,
              model,
              request,
              defaultReaders);
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
    Map<String, StoredDocument> stored = Map.of();
    for (int i = 0; i < files.size(); i++) {
      if (progress.cancelled()) {
        throw new CancellationException();
      }
      if (i % LOOK_UP == 0) {
        stored =
            stored(request.collection(), files.subList(i, Math.min(files.size(), i + LOOK_UP)));
      }
      SourceFile file = files.get(i);
      Optional<StoredDocument> there =
          Optional.ofNullable(stored.get(Fingerprint.id(file.document(), 0)));
      try {
        take(request, reader.read(file, there), chunks, tally);
      } catch (InvalidDocument e) {
        tally.problem(new Problem(file.document(), e.getMessage()));
      }
      progress.advanced(i + 1, files.size());
    }
    chunks.flush();
  }

  /** By the first chunk of each. */
  private Map<String, StoredDocument> stored(String collection, List<SourceFile> files) {
    List<String> ids = files.stream().map(file -> Fingerprint.id(file.document(), 0)).toList();
    Map<String, List<String>> readers = inventory.readers(collection, ids);
    Map<String, StoredDocument> stored = new HashMap<>();
    inventory
        .values(collection, ids, Metadata.CONTENT_HASH)
        .forEach(
            (id, version) ->
                stored.put(
                    id,
                    new StoredDocument(
                        StoredVersion.parse(version), readers.getOrDefault(id, List.of()))));
    return stored;
  }

  private void take(
      IngestionRequest request, DocumentReader.Content content, ChunkWriter chunks, Tally tally) {
    NewVersion version = content.version();
    tally.warnings(version.document(), version.lacks(), content.warnings());
    if (!content.changed() && content.readersChanged()) {
      tally.readersChanged(
          readersWriter.change(request.collection(), version.document(), version.readers()));
    } else if (!content.changed()) {
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
