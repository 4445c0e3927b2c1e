package org.llmroutes.retrieval;

import io.milvus.exception.MilvusException;
import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.collection.request.GetCollectionStatsReq;
import io.milvus.v2.service.collection.request.GetLoadStateReq;
import io.milvus.v2.service.collection.request.HasCollectionReq;
import io.milvus.v2.service.collection.request.LoadCollectionReq;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;

/**
 * The document collections of a Milvus: made where they are missing, loaded once, known by the
 * model of their vectors and by whether they can be searched by words.
 */
public final class DocumentCollection {
  /** Bytes that the name of a document may have, in UTF-8. */
  public static final int NAME_BYTES = 1024;

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");

  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");

  /** A request waits for it; the SDK would wait a minute. */
  private static final long LOAD_MILLIS = 10_000;

  private static final Duration CREATED_WITHIN = Duration.ofSeconds(3);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final MilvusConnection milvus;
  private final Set<String> unrestricted;
  private final Map<String, CollectionFacts> loaded = new ConcurrentHashMap<>();

  public DocumentCollection(MilvusConnection milvus) {
    this(milvus, Set.of());
  }

  /**
   * @param unrestricted collections from before chunks had readers that everybody may read
   */
  public DocumentCollection(MilvusConnection milvus, Collection<String> unrestricted) {
    this.milvus = milvus;
    this.unrestricted = Set.copyOf(unrestricted);
  }

  /**
   * Creates the collection where it is missing.
   *
   * @param space of the vectors that will be written
   * @return whether it was created
   * @throws StepException rejected: step {@code search} where something else made it, step {@code
   *     embed} where its vectors are of another model
   */
  public boolean ensure(String name, EmbeddingSpace space) {
    boolean created =
        milvus.call("create", client -> !exists(client, name) && create(client, name, space));
    if (!created) {
      if (!loaded.containsKey(name)) {
        comesTrue(() -> milvus.call("describe", client -> CollectionFacts.isIndexed(client, name)));
      }
      requireSpace(name, space, ErrorCode.REJECTED);
    }
    return created;
  }

  /**
   * Makes sure that chunks can have readers. Those of a collection from before have none then, and
   * are found by nobody until they are ingested again.
   *
   * @throws StepException rejected where this Milvus cannot add a field
   */
  public void requireReaders(String name) {
    if (hasReaders(name)) {
      return;
    }
    try {
      milvus.call(
          "add readers",
          client -> {
            client.addCollectionField(CollectionSchema.addReaders(name));
            return null;
          });
    } catch (MilvusClientException | MilvusException | StatusRuntimeException e) {
      throw new StepException(
          "search",
          ErrorCode.REJECTED,
          "Collection %s is from before documents had readers, which this Milvus cannot add: ingest into another collection, or drop this one first"
              .formatted(name),
          e);
    }
    forget(name);
  }

  /** Whether it does so within the time that another one may need to create a collection. */
  private static boolean comesTrue(BooleanSupplier condition) {
    long end = System.nanoTime() + CREATED_WITHIN.toNanos();
    boolean met = condition.getAsBoolean();
    while (!met && System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      met = condition.getAsBoolean();
    }
    return met;
  }

  /** Several processes may create it at the same time, each by several calls. */
  private static boolean create(MilvusClientV2 client, String name, EmbeddingSpace space) {
    try {
      client.createCollection(CollectionSchema.create(name, space, hasBm25(client)));
      return true;
    } catch (MilvusClientException e) {
      if (comesTrue(() -> exists(client, name))) {
        return false;
      }
      throw e;
    }
  }

  /** Whether a collection can have that name. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** The names of all collections. */
  public List<String> names() {
    return milvus.call("list", client -> client.listCollections().getCollectionNames());
  }

  /**
   * Whether there is such a collection.
   *
   * @throws StepException step {@code search}: unavailable or timeout
   */
  public boolean exists(String name, Deadline deadline) {
    return MilvusShare.within(
        deadline, () -> milvus.call("exists", client -> exists(client, name)));
  }

  /** Of the server, for instance {@code v2.6.4}. */
  public String serverVersion() {
    return milvus.call("version", MilvusClientV2::getServerVersion);
  }

  /**
   * How a collection is, without loading it; empty where there is none of that name.
   *
   * @throws StepException step {@code search}: unavailable; rejected where something else made it
   */
  public Optional<CollectionReport> report(String name) {
    return milvus.call(
        "describe",
        client -> exists(client, name) ? Optional.of(report(client, name)) : Optional.empty());
  }

  private static CollectionReport report(MilvusClientV2 client, String name) {
    CollectionFacts facts = CollectionFacts.of(client, name);
    return new CollectionReport(
        facts.words(),
        facts.readers(),
        facts.space(),
        client
            .getCollectionStats(GetCollectionStatsReq.builder().collectionName(name).build())
            .getNumOfEntities(),
        client.getLoadState(GetLoadStateReq.builder().collectionName(name).build()));
  }

  /** Whether the collection can be searched by words (BM25) too. */
  public boolean searchableByWords(String name) {
    return facts(name).words();
  }

  /**
   * Whether searches in it go by the readers of its chunks; where not, everybody may read it.
   *
   * @throws StepException rejected where its chunks have no readers, and nobody said that everybody
   *     may read them
   */
  boolean restricted(String name) {
    if (hasReaders(name)) {
      return true;
    } else if (unrestricted.contains(name)) {
      return false;
    }
    throw new StepException(
        "search",
        ErrorCode.REJECTED,
        "Collection %s is from before documents had readers, so nobody can read it: ingest its documents again"
            .formatted(name),
        null);
  }

  private boolean hasReaders(String name) {
    if (!facts(name).readers()) {
      // it may have been made anew since
      forget(name);
    }
    return facts(name).readers();
  }

  /** What its vectors are. */
  public EmbeddingSpace space(String name) {
    return facts(name).space();
  }

  /**
   * @throws StepException step {@code embed}, where vectors of {@code space} say nothing in the
   *     collection
   */
  void requireSpace(String name, EmbeddingSpace space, ErrorCode otherwise) {
    if (facts(name).space().isSame(space)) {
      return;
    }
    // it may have been made anew since
    forget(name);
    EmbeddingSpace found = facts(name).space();
    if (!found.isSame(space)) {
      throw new StepException(
          "embed",
          otherwise,
          "Collection %s holds %s, the embedding service gives %s; use that model again, or ingest into another collection"
              .formatted(name, found, difference(found, space)),
          null);
    }
  }

  private static String difference(EmbeddingSpace found, EmbeddingSpace given) {
    boolean sameInWords = found.toString().equals(given.toString());
    return sameInWords ? "others, though of that size and under that name" : given.toString();
  }

  /** Loads the collection, and asks Milvus once per collection. */
  private CollectionFacts facts(String name) {
    CollectionFacts known = loaded.get(name);
    return known != null ? known : milvus.call("load", client -> load(client, name));
  }

  private CollectionFacts load(MilvusClientV2 client, String name) {
    if (!exists(client, name)) {
      throw new StepException("search", ErrorCode.REJECTED, "There is no collection " + name, null);
    }
    CollectionFacts facts = CollectionFacts.of(client, name);
    client.loadCollection(
        LoadCollectionReq.builder().collectionName(name).timeout(LOAD_MILLIS).build());
    loaded.put(name, facts);
    return facts;
  }

  /** After an error: the collection may have been dropped since. */
  void forget(String name) {
    loaded.remove(name);
  }

  private static boolean exists(MilvusClientV2 client, String name) {
    return client.hasCollection(HasCollectionReq.builder().collectionName(name).build());
  }

  /** BM25 came with Milvus 2.5; {@code milvus_lite-3.2.2} has it, {@code v2.3.5-lite} has not. */
  private static boolean hasBm25(MilvusClientV2 client) {
    Matcher numbers = VERSION.matcher(client.getServerVersion());
    return !numbers.find()
        || Integer.parseInt(numbers.group(1)) > 2
        || Integer.parseInt(numbers.group(2)) >= 5;
  }
}
