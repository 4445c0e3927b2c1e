package org.llmroutes.retrieval;

import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.identity.Principals;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;

/**
 * Searches the collection of the request for the question in the body, among what the user of the
 * turn may read; the passages found become the body, best first.
 */
public class MilvusSearch extends Step {
  private String vector;
  private int passages;
  private double meaning;

  public MilvusSearch() {
    super("search");
  }

  /** Name of the variable with the question's vector; unset or null means a search by words. */
  public void setVector(String vector) {
    this.vector = vector;
  }

  /** Passages to find, never fewer than the request's {@code top_k}. */
  public void setPassages(int passages) {
    this.passages = passages;
  }

  /** How much the search by meaning counts, from 0 to 1; the one by words has the rest. */
  public void setMeaning(double meaning) {
    this.meaning = meaning;
  }

  @Override
  protected Object apply(Exchange exchange, Turn turn) {
    Map<?, ?> request = exchange.getVariable("request", Map.class);
    Map<?, ?> filter = request.get("filter") instanceof Map<?, ?> wanted ? wanted : Map.of();
    SearchScope scope = SearchScope.of(service(Principals.class).of(turn.userId()), filter);
    int topK = ((Number) request.get("top_k")).intValue();
    return MilvusShare.within(
        turn.share(),
        () ->
            service(DocumentSearch.class)
                .search(
                    (String) request.get("collection"),
                    exchange.getMessage().getBody(String.class),
                    exchange.getVariable(vector, float[].class),
                    scope,
                    Math.max(topK, passages),
                    meaning));
  }

  @Override
  protected Object fallback(Exchange exchange) {
    return List.of();
  }
}
