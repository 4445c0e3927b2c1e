package org.llmroutes.local.ai;

/**
 * Scores a passage by late interaction: every token of the question finds its most similar token of
 * the passage, and the similarities are averaged.
 *
 * @see <a href="https://arxiv.org/abs/2004.12832">ColBERT: Efficient and Effective Passage Search
 *     via Contextualized Late Interaction</a>
 */
final class LateInteraction {
  private LateInteraction() {}

  /**
   * @param question unit vectors of the question's tokens
   * @param passage unit vectors of the passage's tokens
   * @return mean of the best cosine similarities, from -1 to 1
   */
  static double score(float[][] question, float[][] passage) {
    if (question.length == 0 || passage.length == 0) {
      return 0;
    }
    double sum = 0;
    for (float[] token : question) {
      double best = -1;
      for (float[] other : passage) {
        best = Math.max(best, dot(token, other));
      }
      sum += best;
    }
    return sum / question.length;
  }

  static double dot(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
