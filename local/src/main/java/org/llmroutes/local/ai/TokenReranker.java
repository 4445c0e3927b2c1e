package org.llmroutes.local.ai;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Late interaction over passages, whose token vectors are kept for the next question. */
public final class TokenReranker {
  /** Passages kept; a passage of 300 tokens takes 0.5 MB. */
  private static final int KEPT = 200;

  private final BgeModel model;
  private final Map<String, float[][]> passages =
      Collections.synchronizedMap(
          new LinkedHashMap<>(KEPT, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, float[][]> eldest) {
              return size() > KEPT;
            }
          });

  public TokenReranker(BgeModel model) {
    this.model = model;
  }

  /** One score a text, in their order; higher is better. */
  public double[] score(String question, List<String> texts) {
    float[][] query = model.questionTokens(question);
    return texts.stream().mapToDouble(text -> LateInteraction.score(query, tokens(text))).toArray();
  }

  private float[][] tokens(String text) {
    float[][] found = passages.get(text);
    if (found == null) {
      found = model.tokens(text);
      passages.put(text, found);
    }
    return found;
  }
}
