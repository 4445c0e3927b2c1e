package org.llmroutes.retrieval;

import io.milvus.common.clientenum.FunctionType;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.collection.request.HasCollectionReq;
import io.milvus.v2.service.collection.request.LoadCollectionReq;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;

/**
 * The schema of a document collection: id, document, title, chunk, text, the dense vector, the BM25
 * sparse vector that Milvus computes of the text, and metadata as dynamic fields.
 */
public final class DocumentCollection {
  /** Bytes that the name of a document may have, in UTF-8. */
  public static final int NAME_BYTES = 1024;

  static final String DENSE = "dense";
  static final String SPARSE = "sparse";

  /** The fields of a passage; whatever else an entity has is metadata. */
  static final List<String> FIELDS = List.of("id", "document", "title", "chunk", "text");

  private final MilvusConnection milvus;
  private final Set<String> loaded = ConcurrentHashMap.newKeySet();

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
          create(client, name, dimension);
          return true;
        });
  }

  public boolean exists(String name) {
    return milvus.call(client -> exists(client, name));
  }

  /** Makes sure that a collection can be searched; asks Milvus once per collection. */
  void requireLoaded(String name) {
    if (loaded.contains(name)) {
      return;
    }
    milvus.call(
        client -> {
          if (!exists(client, name)) {
            throw new StepException(
                "search", ErrorCode.REJECTED, "There is no collection " + name, null);
          }
          client.loadCollection(LoadCollectionReq.builder().collectionName(name).build());
          return loaded.add(name);
        });
  }

  /** After an error: the collection may have been dropped since. */
  void forget(String name) {
    loaded.remove(name);
  }

  private static boolean exists(MilvusClientV2 client, String name) {
    return client.hasCollection(HasCollectionReq.builder().collectionName(name).build());
  }

  private static void requireDimension(MilvusClientV2 client, String name, int dimension) {
    Integer found =
        client
            .describeCollection(DescribeCollectionReq.builder().collectionName(name).build())
            .getCollectionSchema()
            .getField(DENSE)
            .getDimension();
    if (found != dimension) {
      throw new IllegalArgumentException(
          "Collection %s holds vectors of size %d, the embedding service gives %d; use another collection or the model it was made with"
              .formatted(name, found, dimension));
    }
  }

  private static void create(MilvusClientV2 client, String name, int dimension) {
    CreateCollectionReq.CollectionSchema schema =
        CreateCollectionReq.CollectionSchema.builder().enableDynamicField(true).build();
    schema.addField(
        AddFieldReq.builder()
            .fieldName("id")
            .dataType(DataType.VarChar)
            .maxLength(64)
            .isPrimaryKey(true)
            .build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName("document")
            .dataType(DataType.VarChar)
            .maxLength(NAME_BYTES)
            .build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName("title")
            .dataType(DataType.VarChar)
            .maxLength(2048)
            .build());
    schema.addField(AddFieldReq.builder().fieldName("chunk").dataType(DataType.Int32).build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName("text")
            .dataType(DataType.VarChar)
            .maxLength(65_535)
            .enableAnalyzer(true)
            .build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName(DENSE)
            .dataType(DataType.FloatVector)
            .dimension(dimension)
            .build());
    schema.addField(
        AddFieldReq.builder().fieldName(SPARSE).dataType(DataType.SparseFloatVector).build());
    schema.addFunction(
        CreateCollectionReq.Function.builder()
            .name("bm25")
            .functionType(FunctionType.BM25)
            .inputFieldNames(List.of("text"))
            .outputFieldNames(List.of(SPARSE))
            .build());
    IndexParam dense =
        IndexParam.builder()
            .fieldName(DENSE)
            .indexType(IndexParam.IndexType.AUTOINDEX)
            .metricType(IndexParam.MetricType.COSINE)
            .build();
    IndexParam sparse =
        IndexParam.builder()
            .fieldName(SPARSE)
            .indexType(IndexParam.IndexType.SPARSE_INVERTED_INDEX)
            .metricType(IndexParam.MetricType.BM25)
            .build();
    client.createCollection(
        CreateCollectionReq.builder()
            .collectionName(name)
            .collectionSchema(schema)
            .indexParams(List.of(dense, sparse))
            .build());
  }
}
