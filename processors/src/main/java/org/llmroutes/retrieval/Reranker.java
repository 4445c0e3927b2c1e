package org.llmroutes.retrieval;

import java.util.List;
import org.llmroutes.http.Deadline;

/** Scores passages against a question with a cross-encoder or the like. Safe for concurrent use. */
public interface Reranker {

  /**
   * @return one score a passage, in the order of {@code passages}, from 0 to 1; NaN for one that
   *     was not scored; empty where no reranker is configured
   * @throws org.llmroutes.errors.StepException step {@code rerank}: unavailable, timeout or
   *     rejected
   */
  double[] score(String question, List<String> passages, Deadline deadline);
}
