package org.llmroutes.retrieval;

import io.milvus.v2.common.IndexParam;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.vector.request.AnnSearchReq;
import io.milvus.v2.service.vector.request.HybridSearchReq;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.data.BaseVector;
import io.milvus.v2.service.vector.request.data.EmbeddedText;
import io.milvus.v2.service.vector.request.data.FloatVec;
import io.milvus.v2.service.vector.request.ranker.WeightedRanker;
import io.milvus.v2.service.vector.response.SearchResp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;

/** Finds passages by meaning (dense vectors), by words (BM25), or by both in one request. */
public final class DocumentSearch {
  private static final List<String> OUTPUT = List.of("document", "title", "chunk", "text", "$meta");

  private final MilvusConnection milvus;
  private final DocumentCollection collections;

  public DocumentSearch(MilvusConnection milvus) {
    this.milvus = milvus;
    this.collections = new DocumentCollection(milvus);
  }

  /**
   * @param vector of the question, or null to search by words alone
   * @param filter as {@link MilvusFilter} takes it
   * @param limit passages at most
   * @throws StepException step {@code search}: unavailable; rejected for a collection that does not
   *     exist or a filter Milvus refuses
   */
  public List<Passage> search(
      String collection, String question, float[] vector, Map<?, ?> filter, int limit) {
    String expression = MilvusFilter.expression(filter);
    boolean words = collections.searchableByWords(collection);
    if (!words && vector == null) {
      throw new StepException(
          "search",
          ErrorCode.UNAVAILABLE,
          "Collection " + collection + " cannot be searched by words",
          null);
    }
    try {
      if (!words) {
        return byMeaning(collection, vector, expression, limit);
      }
      return vector == null
          ? byWords(collection, question, expression, limit)
          : byBoth(collection, question, vector, expression, limit);
    } catch (MilvusClientException e) {
      collections.forget(collection);
      throw new StepException(
          "search", ErrorCode.REJECTED, "Milvus refused the search in " + collection, e);
    }
  }

  /** Dense vectors alone, for comparison. */
  public List<Passage> byMeaning(String collection, float[] vector, String expression, int limit) {
    collections.searchableByWords(collection);
    return single(
        collection,
        CollectionSchema.DENSE,
        IndexParam.MetricType.COSINE,
        new FloatVec(vector),
        expression,
        limit);
  }

  /** BM25 alone. */
  public List<Passage> byWords(String collection, String question, String expression, int limit) {
    collections.searchableByWords(collection);
    return single(
        collection,
        CollectionSchema.SPARSE,
        IndexParam.MetricType.BM25,
        new EmbeddedText(question),
        expression,
        limit);
  }

  private List<Passage> byBoth(
      String collection, String question, float[] vector, String expression, int limit) {
    AnnSearchReq dense =
        side(
            CollectionSchema.DENSE,
            IndexParam.MetricType.COSINE,
            new FloatVec(vector),
            expression,
            limit);
    AnnSearchReq words =
        side(
            CollectionSchema.SPARSE,
            IndexParam.MetricType.BM25,
            new EmbeddedText(question),
            expression,
            limit);
    HybridSearchReq request =
        HybridSearchReq.builder()
            .collectionName(collection)
            .searchRequests(List.of(dense, words))
            .ranker(WeightedRanker.builder().weights(List.of(0.7f, 0.3f)).build())
            .limit(limit)
            .outFields(OUTPUT)
            .build();
    return passages(milvus.call(client -> client.hybridSearch(request)));
  }

  private static AnnSearchReq side(
      String field, IndexParam.MetricType metric, BaseVector vector, String expression, int limit) {
    return AnnSearchReq.builder()
        .vectorFieldName(field)
        .metricType(metric)
        .vectors(List.of(vector))
        .filter(expression)
        .limit(limit)
        .build();
  }

  private List<Passage> single(
      String collection,
      String field,
      IndexParam.MetricType metric,
      BaseVector vector,
      String expression,
      int limit) {
    SearchReq request =
        SearchReq.builder()
            .collectionName(collection)
            .annsField(field)
            .metricType(metric)
            .data(List.of(vector))
            .filter(expression)
            .limit(limit)
            .outputFields(OUTPUT)
            .build();
    return passages(milvus.call(client -> client.search(request)));
  }

  private static List<Passage> passages(SearchResp response) {
    return response.getSearchResults().get(0).stream().map(DocumentSearch::passage).toList();
  }

  private static Passage passage(SearchResp.SearchResult result) {
    Map<String, Object> entity = result.getEntity();
    Map<String, Object> metadata = new HashMap<>(entity);
    CollectionSchema.FIELDS.forEach(metadata::remove);
    return new Passage(
        String.valueOf(result.getId()),
        (String) entity.get("document"),
        (String) entity.get("title"),
        ((Number) entity.get("chunk")).intValue(),
        (String) entity.get("text"),
        result.getScore(),
        metadata);
  }
}
