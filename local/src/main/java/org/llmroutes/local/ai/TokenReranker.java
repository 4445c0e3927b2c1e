package org.llmroutes.local.ai;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.llmroutes.local.ai.BgeModel.Reading;

/**
 * Scores a passage by how similar it is to the question as a whole and by late interaction, both
 * alike; neither alone orders passages as well. Passages that were read are kept for the next
 * question.
 */
public final class TokenReranker {
  /** Passages kept; a passage of 300 tokens takes 0.5 MB. */
  private static final int KEPT = 200;

  /** Words that any passage has something similar to. */
  private static final Set<String> STOP_WORDS =
      Set.of(
          ("a an and any are as at be been by can do does for from has have how if in is it not of on or set that the"
                  + " there this to use used using what when whether which will with you your")
              .split(" "));

  private final BgeModel model;
  private final Map<String, Reading> passages =
      Collections.synchronizedMap(
          new LinkedHashMap<>(KEPT, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Reading> eldest) {
              return size() > KEPT;
            }
          });

  public TokenReranker(BgeModel model) {
    this.model = model;
  }

  /** One score a text, in their order, from 0 to 1; higher is better. */
  public double[] score(String question, List<String> texts) {
    Reading asked = model.readQuestion(question);
    float[][] telling = telling(asked);
    return texts.stream()
        .map(this::read)
        .mapToDouble(
            passage ->
                Math.max(
                    0,
                    (LateInteraction.dot(asked.text(), passage.text())
                            + LateInteraction.score(telling, passage.tokens()))
                        / 2))
        .toArray();
  }

  /**
   * The question's tokens without stop words and punctuation; all of them where nothing is left.
   */
  private static float[][] telling(Reading question) {
    float[][] telling =
        IntStream.range(0, question.tokens().length)
            .filter(i -> tells(question.pieces().get(i)))
            .mapToObj(i -> question.tokens()[i])
            .toArray(float[][]::new);
    return telling.length == 0 ? question.tokens() : telling;
  }

  private static boolean tells(String piece) {
    return !STOP_WORDS.contains(piece) && piece.codePoints().anyMatch(Character::isLetterOrDigit);
  }

  private Reading read(String text) {
    Reading found = passages.get(text);
    if (found == null) {
      found = model.readPassage(text);
      passages.put(text, found);
    }
    return found;
  }
}
