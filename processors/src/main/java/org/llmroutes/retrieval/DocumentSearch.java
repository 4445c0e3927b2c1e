package org.llmroutes.retrieval;

import io.milvus.v2.common.IndexParam;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.data.BaseVector;
import io.milvus.v2.service.vector.request.data.EmbeddedText;
import io.milvus.v2.service.vector.request.data.FloatVec;
import io.milvus.v2.service.vector.response.SearchResp;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.telemetry.Tracing;

/** Finds passages by meaning (dense vectors), by words (BM25), or by both. */
public final class DocumentSearch {
  private static final List<String> OUTPUT =
      List.of("document", "title", "chunk", "text", MetadataFields.ALL);

  /** What each of two searches finds at least, so that what is best for both is among it. */
  private static final int CANDIDATES = 50;

  private static final Pattern NO_WORDS =
      Pattern.compile("Invalid sparse row: NaN or Inf|can't build BM25 IDF");

  private final MilvusConnection milvus;
  private final DocumentCollection collections;
  private final ExecutorService searches =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "search-by-words");
            thread.setDaemon(true);
            return thread;
          });

  public DocumentSearch(MilvusConnection milvus) {
    this(milvus, new DocumentCollection(milvus));
  }

  public DocumentSearch(MilvusConnection milvus, DocumentCollection collections) {
    this.milvus = milvus;
    this.collections = collections;
  }

  /**
   * @param vector of the question, or null to search by words alone
   * @param scope what may be found
   * @param limit passages at most
   * @param meaning how much the search by meaning counts, from 0 to 1; the one by words has the
   *     rest
   * @return best first, with scores from 0 to 1
   * @throws StepException step {@code search}: unavailable; rejected for a collection that does not
   *     exist, or that nobody can read, or a filter Milvus refuses
   */
  public List<Passage> search(
      String collection,
      String question,
      float[] vector,
      SearchScope scope,
      int limit,
      double meaning) {
    try {
      return find(collection, question, vector, scope, limit, meaning);
    } catch (MilvusClientException e) {
      // dropped since, or not loaded any more: a restarted Milvus loads nothing by itself
      collections.forget(collection);
    }
    try {
      return find(collection, question, vector, scope, limit, meaning);
    } catch (MilvusClientException e) {
      throw new StepException(
          "search", ErrorCode.REJECTED, "Milvus refused the search in " + collection, e);
    }
  }

  /**
   * @throws StepException step {@code embed}, unavailable, where the collection holds vectors of
   *     another model: a search by such a vector would find anything
   */
  void requireSpace(String collection, EmbeddingSpace space) {
    collections.requireSpace(collection, space, ErrorCode.UNAVAILABLE);
  }

  private List<Passage> find(
      String collection,
      String question,
      float[] vector,
      SearchScope scope,
      int limit,
      double meaning) {
    boolean words = collections.searchableByWords(collection);
    if (!words && vector == null) {
      throw new StepException(
          "search",
          ErrorCode.UNAVAILABLE,
          "Collection " + collection + " cannot be searched by words",
          null);
    }
    if (!words) {
      return Fusion.alone(byMeaning(collection, vector, scope, limit));
    }
    return vector == null
        ? Fusion.alone(byWords(collection, question, scope, limit))
        : byBoth(collection, question, vector, scope, limit, meaning);
  }

  /** Dense vectors alone; scores are cosines. */
  public List<Passage> byMeaning(String collection, float[] vector, SearchScope scope, int limit) {
    return single(
        collection,
        CollectionSchema.DENSE,
        IndexParam.MetricType.COSINE,
        new FloatVec(vector),
        scope,
        limit);
  }

  /** BM25 alone, with its scores. */
  public List<Passage> byWords(String collection, String question, SearchScope scope, int limit) {
    try {
      List<Passage> found =
          single(
              collection,
              CollectionSchema.SPARSE,
              IndexParam.MetricType.BM25,
              new EmbeddedText(question),
              scope,
              limit);
      // Milvus Lite reports the scores of BM25 negated
      return found.stream().map(passage -> passage.withScore(Math.abs(passage.score()))).toList();
    } catch (MilvusClientException e) {
      if (isOfNoWords(e.getMessage())) {
        return List.of();
      }
      throw e;
    }
  }

  /**
   * Whether Milvus says no more than that there is nothing to compare: early versions with BM25
   * fail over an empty collection and over a question without words.
   */
  static boolean isOfNoWords(String refusal) {
    return NO_WORDS.matcher(refusal).find();
  }

  /**
   * Both searches at the same time: what the server fuses by itself finds less than its better
   * half.
   */
  private List<Passage> byBoth(
      String collection,
      String question,
      float[] vector,
      SearchScope scope,
      int limit,
      double meaning) {
    int candidates = Math.max(limit, CANDIDATES);
    Future<List<Passage>> words =
        searches.submit(Tracing.carry(() -> byWords(collection, question, scope, candidates)));
    try {
      List<Passage> dense = byMeaning(collection, vector, scope, candidates);
      List<Passage> fused = Fusion.fuse(dense, words.get(), meaning);
      return fused.subList(0, Math.min(limit, fused.size()));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StepException("search", ErrorCode.INTERNAL, "Interrupted while searching", e);
    } finally {
      words.cancel(true);
    }
  }

  private List<Passage> single(
      String collection,
      String field,
      IndexParam.MetricType metric,
      BaseVector vector,
      SearchScope scope,
      int limit) {
    boolean restricted = collections.restricted(collection);
    SearchReq request =
        SearchReq.builder()
            .collectionName(collection)
            .annsField(field)
            .metricType(metric)
            .data(List.of(vector))
            .filter(scope.condition(restricted))
            .limit(limit)
            .outputFields(OUTPUT)
            .build();
    return passages(milvus.call("search", client -> client.search(request)));
  }

  private static List<Passage> passages(SearchResp response) {
    return response.getSearchResults().get(0).stream().map(DocumentSearch::passage).toList();
  }

  private static Passage passage(SearchResp.SearchResult result) {
    Map<String, Object> entity = result.getEntity();
    return new Passage(
        String.valueOf(result.getId()),
        (String) entity.get("document"),
        (String) entity.get("title"),
        ((Number) entity.get("chunk")).intValue(),
        (String) entity.get("text"),
        result.getScore(),
        MetadataFields.read(entity.get(MetadataFields.ALL)));
  }
}
