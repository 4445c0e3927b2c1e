package org.llmroutes.doctor;

import java.util.List;
import java.util.Locale;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.retrieval.HttpReranker;

/** The reranker, by the scores of a passage that answers and of one that does not. */
final class RerankerCheck extends ServiceCheck {
  private static final String QUESTION = "What is the capital of France?";
  private static final List<String> PASSAGES =
      List.of("Paris is the capital of France.", "Bananas grow in bunches.");

  RerankerCheck() {
    super("reranker", "chat", "voice", "gateway");
  }

  @Override
  ServiceSettings settings(PlatformServices services) {
    return services.reranker();
  }

  @Override
  void call(ServiceSettings service, Installation here, Findings found) {
    double[] scores = new HttpReranker(service).score(QUESTION, PASSAGES, here.deadline());
    String text =
        String.format(
            Locale.ROOT, "%.3f for a passage that answers, %.3f for another", scores[0], scores[1]);
    if (scores[0] > scores[1]) {
      found.well("call", text);
    } else {
      found.warning(
          "call", text, "its model is no reranker, or not made for this: check RERANKER_MODEL");
    }
  }
}
