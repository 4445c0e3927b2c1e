package org.llmroutes.retrieval;

import java.util.List;
import org.apache.camel.Exchange;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;

/** Drops the passages in the body that score below a minimum. */
public class DropPassages extends Step {
  private double minScore;

  public DropPassages() {
    super("drop");
  }

  /** From 0 to 1, as the search and the reranker give them. */
  public void setMinScore(double minScore) {
    this.minScore = minScore;
  }

  @Override
  @SuppressWarnings("unchecked") // milvus-search-action and rerank-action leave it so
  protected Object apply(Exchange exchange, Turn turn) {
    List<Passage> found = exchange.getMessage().getBody(List.class);
    return found.stream().filter(passage -> passage.score() >= minScore).toList();
  }
}
