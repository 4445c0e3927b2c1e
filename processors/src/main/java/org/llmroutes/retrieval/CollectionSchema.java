package org.llmroutes.retrieval;

import io.milvus.common.clientenum.FunctionType;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddCollectionFieldReq;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.llmroutes.identity.Principal;

/**
 * The schema of a document collection: id, document, title, chunk, text, the dense vector, the
 * readers, metadata as dynamic fields, and, where the server has BM25, the sparse vector that
 * Milvus computes of the text.
 */
final class CollectionSchema {
  static final String DENSE = "dense";
  static final String SPARSE = "sparse";

  /** Who may read a chunk, as {@link Principal} writes it; an array that is never empty. */
  static final String READERS = "readers";

  /** What a search compares, and never shows. */
  static final List<String> VECTORS = List.of(DENSE, SPARSE);

  /** The fields that every collection has, and their types. */
  static final Map<String, DataType> FIELDS =
      new TreeMap<>(
          Map.of(
              "id",
              DataType.VarChar,
              "document",
              DataType.VarChar,
              "title",
              DataType.VarChar,
              "chunk",
              DataType.Int32,
              "text",
              DataType.VarChar,
              DENSE,
              DataType.FloatVector));

  /** Properties of a collection: {@link EmbeddingSpace#model} and its {@code sample}. */
  static final String MODEL = "llm-routes.embedding.model";

  static final String SAMPLE = "llm-routes.embedding.sample";

  private final CreateCollectionReq.CollectionSchema fields =
      CreateCollectionReq.CollectionSchema.builder().enableDynamicField(true).build();
  private final List<IndexParam> indexes = new ArrayList<>();

  private CollectionSchema(int dimension, boolean words) {
    fields.addField(text("id", 64).isPrimaryKey(true).build());
    fields.addField(text("document", DocumentCollection.NAME_BYTES).build());
    fields.addField(text("title", 2048).build());
    fields.addField(AddFieldReq.builder().fieldName("chunk").dataType(DataType.Int32).build());
    fields.addField(text("text", 65_535).enableAnalyzer(words).build());
    fields.addField(
        AddFieldReq.builder()
            .fieldName(DENSE)
            .dataType(DataType.FloatVector)
            .dimension(dimension)
            .build());
    fields.addField(readers(AddFieldReq.builder()).build());
    index(DENSE, IndexParam.IndexType.AUTOINDEX, IndexParam.MetricType.COSINE);
    if (words) {
      fields.addField(
          AddFieldReq.builder().fieldName(SPARSE).dataType(DataType.SparseFloatVector).build());
      fields.addFunction(
          CreateCollectionReq.Function.builder()
              .name("bm25")
              .functionType(FunctionType.BM25)
              .inputFieldNames(List.of("text"))
              .outputFieldNames(List.of(SPARSE))
              .build());
      index(SPARSE, IndexParam.IndexType.SPARSE_INVERTED_INDEX, IndexParam.MetricType.BM25);
    }
  }

  /**
   * @param words whether the collection can be searched by words, which needs Milvus 2.5
   */
  static CreateCollectionReq create(String name, EmbeddingSpace space, boolean words) {
    CollectionSchema schema = new CollectionSchema(space.size(), words);
    return CreateCollectionReq.builder()
        .collectionName(name)
        .collectionSchema(schema.fields)
        .indexParams(schema.indexes)
        .property(MODEL, space.model())
        .property(SAMPLE, space.sample())
        .build();
  }

  /** The readers of a collection that has none; of the chunks that are there nobody is one. */
  static AddCollectionFieldReq addReaders(String name) {
    return readers(AddCollectionFieldReq.builder().collectionName(name)).isNullable(true).build();
  }

  private static <B extends AddFieldReq.AddFieldReqBuilder<B>> B readers(
      AddFieldReq.AddFieldReqBuilder<B> field) {
    return field
        .fieldName(READERS)
        .dataType(DataType.Array)
        .elementType(DataType.VarChar)
        .maxCapacity(Readers.MOST)
        .maxLength(Principal.MAX_BYTES);
  }

  private static AddFieldReq.AddFieldReqBuilder<?> text(String name, int bytes) {
    return AddFieldReq.builder().fieldName(name).dataType(DataType.VarChar).maxLength(bytes);
  }

  private void index(String field, IndexParam.IndexType type, IndexParam.MetricType metric) {
    indexes.add(IndexParam.builder().fieldName(field).indexType(type).metricType(metric).build());
  }
}
