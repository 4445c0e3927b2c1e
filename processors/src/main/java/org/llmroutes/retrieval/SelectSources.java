package org.llmroutes.retrieval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.llm.TokenEstimate;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;

/**
 * Chooses the sources of the answer from the passages in the body: the best {@code top_k} that fit
 * the token budget, numbered from 1, in the form in which responses list them. Whole passages only,
 * but the first one is always there, cut where it must be. The client is told at once.
 */
public class SelectSources extends Step {
  private int maxTokens;

  public SelectSources() {
    super("sources");
  }

  /** Estimated tokens that all sources together may take of the prompt. */
  public void setMaxTokens(int maxTokens) {
    this.maxTokens = maxTokens;
  }

  @Override
  protected Object apply(Exchange exchange, Turn turn) {
    List<Map<String, Object>> sources = new ArrayList<>();
    if (exchange.getMessage().getBody() instanceof List<?> passages) {
      int topK = ((Number) exchange.getVariable("request", Map.class).get("top_k")).intValue();
      int left = maxTokens;
      for (Object found : passages) {
        Passage passage = (Passage) found;
        String text = sources.isEmpty() ? TokenEstimate.cut(passage.text(), left) : passage.text();
        left -= TokenEstimate.of(text);
        if (sources.size() == topK || left < 0) {
          break;
        }
        sources.add(CitedSource.of(sources.size() + 1, passage, text));
      }
    }
    turn.stream().sources(sources);
    return sources;
  }
}
