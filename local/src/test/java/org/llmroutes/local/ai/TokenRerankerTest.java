package org.llmroutes.local.ai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** With the real BGE. */
class TokenRerankerTest {
  private static final List<String> PASSAGES =
      List.of("What is this for? It is for you.", "Tokens are streamed on a subject of NATS.");
  private final TokenReranker reranker = new TokenReranker(new BgeModel());

  @Test
  void thePassageThatAnswersIsBestWhateverTheQuestionIsWrappedIn() {
    double[] scores = reranker.score("What is it for you to use: the NATS subject?", PASSAGES);
    assertThat(scores[1]).isGreaterThan(scores[0]);
  }

  @Test
  void aQuestionOfStopWordsOrOfNothingIsScoredToo() {
    assertThat(reranker.score("What is it?", PASSAGES)).doesNotContain(Double.NaN).hasSize(2);
    assertThat(reranker.score("What is this for?", PASSAGES)[0])
        .isGreaterThan(reranker.score("What is this for?", PASSAGES)[1]);
    assertThat(reranker.score("", PASSAGES)).doesNotContain(Double.NaN).hasSize(2);
    assertThat(reranker.score("What?", List.of(""))).doesNotContain(Double.NaN);
  }

  @Test
  void scoresLieBetweenMinusOneAndOne() {
    for (double score : reranker.score(PASSAGES.get(1), PASSAGES)) {
      assertThat(score).isBetween(-1.0, 1.0);
    }
  }
}
