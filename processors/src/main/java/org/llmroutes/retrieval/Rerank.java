package org.llmroutes.retrieval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.camel.Exchange;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;

/**
 * Orders the first passages in the body by the reranker's score, which sees each below its heading
 * path; the others follow in the order they had.
 */
public class Rerank extends Step {
  private String question;
  private int passages;

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

  @Override
  @SuppressWarnings("unchecked") // milvus-search-action leaves it so
  protected Object apply(Exchange exchange, Turn turn) {
    List<Passage> found = exchange.getMessage().getBody(List.class);
    List<Passage> first = found.subList(0, Math.min(passages, found.size()));
    double[] scores =
        service(Reranker.class)
            .score(
                exchange.getVariable(question, String.class),
                first.stream().map(Passage::inContext).toList(),
                turn.share());
    return reordered(found, scores);
  }

  /**
   * The scored passages by score, the best first, then the rest in the order it had, its scores
   * brought below those.
   *
   * @param scores of the first passages, NaN for those that have none
   */
  public static List<Passage> reordered(List<Passage> found, double[] scores) {
    List<Passage> order = new ArrayList<>();
    List<Passage> rest = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      if (i < scores.length && !Double.isNaN(scores[i])) {
        order.add(found.get(i).withScore(scores[i]));
      } else {
        rest.add(found.get(i));
      }
    }
    order.sort(Comparator.comparingDouble(Passage::score).reversed());
    double ceiling = order.isEmpty() ? 1 : order.get(order.size() - 1).score();
    rest.forEach(passage -> order.add(passage.withScore(ceiling * passage.score())));
    return order;
  }
}
