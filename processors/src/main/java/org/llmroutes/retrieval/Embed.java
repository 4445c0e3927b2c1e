package org.llmroutes.retrieval;

import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;

/**
 * The question in the body as a vector; null where that failed, or where the collection of the
 * request holds vectors of another model, so that the search goes by words.
 */
public class Embed extends Step {

  public Embed() {
    super("embed");
  }

  @Override
  protected Object apply(Exchange exchange, Turn turn) {
    Embeddings embeddings = service(Embeddings.class);
    float[] vector =
        embeddings.embedQuery(exchange.getMessage().getBody(String.class), turn.share());
    String collection = (String) exchange.getVariable("request", Map.class).get("collection");
    EmbeddingSpace space = embeddings.space(turn.share());
    return MilvusShare.within(
        turn.share(),
        () -> {
          service(DocumentSearch.class).requireSpace(collection, space);
          return vector;
        });
  }

  @Override
  protected Object fallback(Exchange exchange) {
    return null;
  }
}
