package org.llmroutes.retrieval;

import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.collection.response.DescribeCollectionResp;
import io.milvus.v2.service.index.request.DescribeIndexReq;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;

/**
 * What Milvus says of a collection of ours.
 *
 * @param words whether it can be searched by words (BM25) too
 * @param readers whether its chunks say who may read them; those of before did not
 * @param space of its vectors
 */
record CollectionFacts(boolean words, boolean readers, EmbeddingSpace space) {

  /**
   * @throws StepException step {@code search}, rejected, for a collection that something else made
   */
  static CollectionFacts of(MilvusClientV2 client, String name) {
    DescribeCollectionResp found = describe(client, name);
    CreateCollectionReq.CollectionSchema schema = found.getCollectionSchema();
    foreign(found, schema)
        .or(() -> foreignIndex(client, name))
        .ifPresent(
            difference -> {
              throw new StepException(
                  "search",
                  ErrorCode.REJECTED,
                  "Collection %s was not made by llm-routes: %s; use another name"
                      .formatted(name, difference),
                  null);
            });
    Map<String, String> properties = found.getProperties();
    return new CollectionFacts(
        schema.getField(CollectionSchema.SPARSE) != null,
        isReaders(schema.getField(CollectionSchema.READERS)),
        new EmbeddingSpace(
            properties.getOrDefault(CollectionSchema.MODEL, ""),
            schema.getField(CollectionSchema.DENSE).getDimension(),
            properties.getOrDefault(CollectionSchema.SAMPLE, "")));
  }

  private static boolean isReaders(CreateCollectionReq.FieldSchema field) {
    return field != null
        && field.getDataType() == DataType.Array
        && field.getElementType() == DataType.VarChar;
  }

  /** The first thing that is not as {@link CollectionSchema} makes it. */
  private static Optional<String> foreign(
      DescribeCollectionResp found, CreateCollectionReq.CollectionSchema schema) {
    for (Map.Entry<String, DataType> expected : CollectionSchema.FIELDS.entrySet()) {
      CreateCollectionReq.FieldSchema field = schema.getField(expected.getKey());
      if (field == null) {
        return Optional.of("it has no field " + expected.getKey());
      } else if (field.getDataType() != expected.getValue()) {
        return Optional.of(
            "its field %s is of type %s".formatted(expected.getKey(), field.getDataType()));
      }
    }
    if (!"id".equals(found.getPrimaryFieldName())) {
      return Optional.of("its primary key is " + found.getPrimaryFieldName());
    }
    return found.getEnableDynamicField()
        ? Optional.empty()
        : Optional.of("it has no room for metadata (enable_dynamic_field)");
  }

  /** Whether all its vectors have their indexes, which whoever creates it makes last. */
  static boolean isIndexed(MilvusClientV2 client, String name) {
    CreateCollectionReq.CollectionSchema schema = describe(client, name).getCollectionSchema();
    return Stream.of(CollectionSchema.DENSE, CollectionSchema.SPARSE)
        .filter(field -> schema.getField(field) != null)
        .noneMatch(field -> metrics(client, name, field).isEmpty());
  }

  private static DescribeCollectionResp describe(MilvusClientV2 client, String name) {
    return client.describeCollection(DescribeCollectionReq.builder().collectionName(name).build());
  }

  /** Those of the indexes of a field. */
  private static List<IndexParam.MetricType> metrics(
      MilvusClientV2 client, String name, String field) {
    try {
      return client
          .describeIndex(DescribeIndexReq.builder().collectionName(name).fieldName(field).build())
          .getIndexDescriptions()
          .stream()
          .map(index -> index.getMetricType())
          .toList();
    } catch (MilvusClientException e) {
      if (e.getCause() instanceof StatusRuntimeException) {
        throw e;
      }
      return List.of();
    }
  }

  private static Optional<String> foreignIndex(MilvusClientV2 client, String name) {
    List<IndexParam.MetricType> metrics = metrics(client, name, CollectionSchema.DENSE);
    if (metrics.isEmpty()) {
      return Optional.of("its vectors have no index");
    }
    return metrics.contains(IndexParam.MetricType.COSINE)
        ? Optional.empty()
        : Optional.of("its vectors are compared by " + metrics.get(0));
  }
}
