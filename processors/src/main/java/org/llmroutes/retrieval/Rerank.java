package org.llmroutes.retrieval;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;

/**
 * Orders the first passages in the body anew, by the reranker's scores and those that they had,
 * each brought to 0..1; the others follow in the order they had.
 */
public class Rerank extends Step {
  private String question;
  private int passages;
  private double weight;

  public Rerank() {
    super("rerank");
  }

  /** Name of the variable with the question. */
  public void setQuestion(String question) {
    this.question = question;
  }

  /** How many passages are scored. */
  public void setPassages(int passages) {
    this.passages = passages;
  }

  /** How much the reranker counts against the order before it, from 0 to 1. */
  public void setWeight(double weight) {
    this.weight = weight;
  }

  @Override
  @SuppressWarnings("unchecked") // milvus-search-action leaves it so
  protected Object apply(Exchange exchange, Turn turn) {
    List<Passage> found = exchange.getMessage().getBody(List.class);
    List<Passage> first = found.subList(0, Math.min(passages, found.size()));
    double[] scores =
        service(Reranker.class)
            .score(
                exchange.getVariable(question, String.class),
                first.stream().map(Passage::text).toList(),
                turn.deadline());
    return reordered(found, scores, weight);
  }

  /** The scored passages by fused score, the best first, then the rest. */
  public static List<Passage> reordered(List<Passage> found, double[] scores, double weight) {
    List<Passage> first = found.subList(0, scores.length);
    List<Passage> scored = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      scored.add(first.get(i).withScore(scores[i]));
    }
    List<Passage> order = new ArrayList<>(Fusion.fuse(scored, first, weight));
    order.addAll(found.subList(scores.length, found.size()));
    return order;
  }
}
