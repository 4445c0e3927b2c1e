package org.llmroutes.retrieval;

import org.apache.camel.Exchange;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;

/**
 * The question in the body as a vector; null where that failed, so that the search goes by words.
 */
public class Embed extends Step {

  public Embed() {
    super("embed");
  }

  @Override
  protected Object apply(Exchange exchange, Turn turn) {
    return service(Embeddings.class)
        .embedQuery(exchange.getMessage().getBody(String.class), turn.share());
  }

  @Override
  protected Object fallback(Exchange exchange) {
    return null;
  }
}
