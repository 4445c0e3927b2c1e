package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.config.Resilience;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.http.Deadline;
import org.llmroutes.local.ai.BgeModel;
import org.llmroutes.local.ai.EmbeddingService;
import org.llmroutes.local.ai.RerankService;

/** The real BGE, by every protocol that the local services speak. */
class LocalModelsTest {
  private static final BgeModel MODEL = new BgeModel();
  private static final EmbeddingService EMBEDDINGS = new EmbeddingService(MODEL, 0);
  private static final RerankService RERANKER = new RerankService(MODEL, 0);
  private static final String QUESTION = "How do plants make food from light?";
  private static final List<String> PASSAGES =
      List.of(
          "Interest rates rose again in March.",
          "Photosynthesis turns sunlight, water and carbon dioxide into sugar.",
          "The goalkeeper saved two penalties.");

  @AfterAll
  static void stop() {
    EMBEDDINGS.close();
    RERANKER.close();
  }

  private static ServiceSettings settings(String protocol, String url) {
    return new ServiceSettings(
        "s", url, protocol, BgeModel.NAME, "", Duration.ofSeconds(30), 0, Resilience.none());
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai", "tei", "kserve-v2"})
  void thePassageThatAnswersIsNearest(String protocol) {
    Embeddings embeddings = HttpEmbeddings.of(settings(protocol, EMBEDDINGS.url()));
    float[] question = embeddings.embedQuery(QUESTION, Deadline.never());
    List<float[]> passages = embeddings.embedPassages(PASSAGES, Deadline.never());

    assertThat(dot(question, question)).isEqualTo(1, offset(1e-5));
    assertThat(dot(question, passages.get(1)))
        .isGreaterThan(dot(question, passages.get(0)))
        .isGreaterThan(dot(question, passages.get(2)));
    assertThat(question).containsExactly(own("openai"), offset(1e-6f));
  }

  private static float[] own(String protocol) {
    return HttpEmbeddings.of(settings(protocol, EMBEDDINGS.url()))
        .embedQuery(QUESTION, Deadline.never());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cohere", "tei"})
  void thePassageThatAnswersScoresBest(String protocol) {
    double[] scores =
        new HttpReranker(settings(protocol, RERANKER.url()))
            .score(QUESTION, PASSAGES, Deadline.never());
    assertThat(scores[1]).isGreaterThan(scores[0]).isGreaterThan(scores[2]);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
