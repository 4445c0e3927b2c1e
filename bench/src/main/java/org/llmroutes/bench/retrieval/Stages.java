package org.llmroutes.bench.retrieval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.llmroutes.http.Deadline;
import org.llmroutes.retrieval.DocumentSearch;
import org.llmroutes.retrieval.Embeddings;
import org.llmroutes.retrieval.MilvusConnection;
import org.llmroutes.retrieval.Passage;
import org.llmroutes.retrieval.Rerank;
import org.llmroutes.retrieval.Reranker;

/**
 * The stages of retrieval as the chat route runs them, each on its own.
 *
 * @param reranker or null to leave out the last stage
 */
record Stages(MilvusConnection milvus, Embeddings embeddings, Reranker reranker) {
  /** Position of dense search in the scores. */
  static final int DENSE = 1;

  /** As kamelets/milvus-search-action and kamelets/rerank-action have them. */
  private static final int CANDIDATES = 50;

  private static final double MEANING = 0.75;
  private static final int RERANKED = 20;

  List<Score> run(String collection, List<TestCollection.Query> queries) {
    DocumentSearch search = new DocumentSearch(milvus);
    List<Score> scores = new ArrayList<>();
    scores.add(new Score("BM25"));
    scores.add(new Score("dense"));
    scores.add(new Score("fused"));
    if (reranker != null) {
      scores.add(new Score("fused + rerank"));
    }
    for (TestCollection.Query query : queries) {
      String text = query.text();
      float[] vector = embeddings.embedQuery(text, Deadline.never());
      timed(scores.get(0), query, () -> search.byWords(collection, text, "", CANDIDATES));
      timed(scores.get(DENSE), query, () -> search.byMeaning(collection, vector, "", CANDIDATES));
      List<Passage> fused =
          timed(
              scores.get(2),
              query,
              () -> search.search(collection, text, vector, Map.of(), CANDIDATES, MEANING));
      if (reranker != null) {
        timed(scores.get(3), query, () -> reranked(text, fused));
      }
    }
    return scores;
  }

  private List<Passage> reranked(String question, List<Passage> found) {
    List<Passage> first = found.subList(0, Math.min(RERANKED, found.size()));
    double[] scores =
        reranker.score(question, first.stream().map(Passage::text).toList(), Deadline.never());
    return Rerank.reordered(found, scores);
  }

  private static List<Passage> timed(
      Score score, TestCollection.Query query, Supplier<List<Passage>> stage) {
    long start = System.nanoTime();
    List<Passage> found = stage.get();
    score.add(found.stream().map(Passage::id).toList(), query, System.nanoTime() - start);
    return found;
  }
}
