package org.llmroutes.bench.retrieval;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.llmroutes.http.Deadline;
import org.llmroutes.retrieval.DocumentSearch;
import org.llmroutes.retrieval.Embeddings;
import org.llmroutes.retrieval.MilvusConnection;
import org.llmroutes.retrieval.Passage;
import org.llmroutes.retrieval.Rerank;
import org.llmroutes.retrieval.Reranker;
import org.llmroutes.retrieval.SearchScope;

/**
 * The stages of retrieval as the chat route runs them, each on its own.
 *
 * @param reranker or null to leave out the last stage
 */
record Stages(
    MilvusConnection milvus, DocumentSearch search, Embeddings embeddings, Reranker reranker) {
  /** Position of dense search among the stages. */
  static final int DENSE = 1;

  /** As kamelets/milvus-search-action and kamelets/rerank-action have them. */
  private static final int CANDIDATES = 50;

  private static final SearchScope EVERYBODY = SearchScope.ofPublic();
  private static final double MEANING = 0.75;
  private static final int RERANKED = 20;

  /** What one stage found, best first. */
  record Found(String stage, List<Passage> passages, long nanos) {
    List<String> ids() {
      return passages.stream().map(Passage::id).toList();
    }
  }

  /** What each stage finds for a question, in the order of the stages. */
  List<Found> find(String collection, String question) {
    float[] vector = embeddings.embedQuery(question, Deadline.never());
    List<Found> found = new ArrayList<>();
    found.add(timed("BM25", () -> search.byWords(collection, question, EVERYBODY, CANDIDATES)));
    found.add(timed("dense", () -> search.byMeaning(collection, vector, EVERYBODY, CANDIDATES)));
    Found fused =
        timed(
            "fused",
            () -> search.search(collection, question, vector, EVERYBODY, CANDIDATES, MEANING));
    found.add(fused);
    if (reranker != null) {
      found.add(timed("fused + rerank", () -> reranked(question, fused.passages())));
    }
    return found;
  }

  private List<Passage> reranked(String question, List<Passage> found) {
    List<Passage> first = found.subList(0, Math.min(RERANKED, found.size()));
    double[] scores =
        reranker.score(question, first.stream().map(Passage::inContext).toList(), Deadline.never());
    return Rerank.reordered(found, scores);
  }

  private static Found timed(String name, Supplier<List<Passage>> stage) {
    long start = System.nanoTime();
    List<Passage> found = stage.get();
    return new Found(name, found, System.nanoTime() - start);
  }
}
