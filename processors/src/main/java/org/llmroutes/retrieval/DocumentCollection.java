package org.llmroutes.retrieval;

import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.collection.request.HasCollectionReq;
import io.milvus.v2.service.collection.request.LoadCollectionReq;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;

/**
 * The document collections of a Milvus: made where they are missing, loaded once, known by whether
 * they can be searched by words.
 */
public final class DocumentCollection {
  /** Bytes that the name of a document may have, in UTF-8. */
  public static final int NAME_BYTES = 1024;

  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");

  /** A request waits for it; the SDK would wait a minute. */
  private static final long LOAD_MILLIS = 10_000;

  private final MilvusConnection milvus;

  /** Loaded collections, and whether they have BM25. */
  private final Map<String, Boolean> loaded = new ConcurrentHashMap<>();

  public DocumentCollection(MilvusConnection milvus) {
    this.milvus = milvus;
  }

  /**
   * Creates the collection where it is missing.
   *
   * @return whether it was created
   * @throws IllegalArgumentException where it exists with vectors of another size
   */
  public boolean ensure(String name, int dimension) {
    return milvus.call(
        client -> {
          if (exists(client, name)) {
            requireDimension(client, name, dimension);
            return false;
          }
          client.createCollection(CollectionSchema.create(name, dimension, hasBm25(client)));
          return true;
        });
  }

  public boolean exists(String name) {
    return milvus.call(client -> exists(client, name));
  }

  /**
   * Whether the collection can be searched by words (BM25) too; loads it, and asks Milvus once per
   * collection.
   */
  public boolean searchableByWords(String name) {
    Boolean known = loaded.get(name);
    return known != null ? known : milvus.call(client -> load(client, name));
  }

  private boolean load(MilvusClientV2 client, String name) {
    if (!exists(client, name)) {
      throw new StepException("search", ErrorCode.REJECTED, "There is no collection " + name, null);
    }
    client.loadCollection(
        LoadCollectionReq.builder().collectionName(name).timeout(LOAD_MILLIS).build());
    boolean words = schema(client, name).getField(CollectionSchema.SPARSE) != null;
    loaded.put(name, words);
    return words;
  }

  /** After an error: the collection may have been dropped since. */
  void forget(String name) {
    loaded.remove(name);
  }

  private static boolean exists(MilvusClientV2 client, String name) {
    return client.hasCollection(HasCollectionReq.builder().collectionName(name).build());
  }

  private static CreateCollectionReq.CollectionSchema schema(MilvusClientV2 client, String name) {
    return client
        .describeCollection(DescribeCollectionReq.builder().collectionName(name).build())
        .getCollectionSchema();
  }

  private static void requireDimension(MilvusClientV2 client, String name, int dimension) {
    Integer found = schema(client, name).getField(CollectionSchema.DENSE).getDimension();
    if (found != dimension) {
      throw new IllegalArgumentException(
          "Collection %s holds vectors of size %d, the embedding service gives %d; use another collection or the model it was made with"
              .formatted(name, found, dimension));
    }
  }

  /** BM25 came with Milvus 2.5; {@code milvus_lite-3.2.2} has it, {@code v2.3.5-lite} has not. */
  private static boolean hasBm25(MilvusClientV2 client) {
    Matcher numbers = VERSION.matcher(client.getServerVersion());
    return !numbers.find()
        || Integer.parseInt(numbers.group(1)) > 2
        || Integer.parseInt(numbers.group(2)) >= 5;
  }
}
