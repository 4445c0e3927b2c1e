package org.llmroutes.retrieval;

import java.util.Arrays;

/**
 * Brings the scores of one service to 0 to 1. Some give probabilities, others what their model says
 * before it is made one: then the logistic function makes it one, as most services do. Which of the
 * two a service gives is known once a score was no probability.
 */
final class ScoreScale {
  /** What probabilities miss 0 and 1 by, in single precision. */
  private static final double ROUNDING = 1e-3;

  private volatile boolean logits;

  /**
   * @param scores NaN for those that are missing, which stay so
   */
  double[] apply(double[] scores) {
    if (Arrays.stream(scores).anyMatch(score -> score < -ROUNDING || score > 1 + ROUNDING)) {
      logits = true;
    }
    return Arrays.stream(scores).map(this::scaled).toArray();
  }

  private double scaled(double score) {
    return logits ? 1 / (1 + Math.exp(-score)) : Math.min(1, Math.max(0, score));
  }
}
