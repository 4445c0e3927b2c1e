package org.llmroutes.retrieval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The order by meaning, bettered by the one by words where the two agree on what is best. Each
 * order's scores are brought to 0..1 by its best and its worst and added by weight; a passage that
 * an order lacks gets 0 from it. Where the best of the two differ, the words are not heard: then
 * they are wrong too often. Nothing therefore comes before what is nearest in meaning.
 *
 * @see <a href="https://arxiv.org/abs/2210.11934">Bruch, Gai, Ingber: An Analysis of Fusion
 *     Functions for Hybrid Retrieval</a>, for the sum; decisions/0005 for the condition
 */
final class Fusion {
  private Fusion() {}

  /**
   * @param meaning best first, as every order here
   * @param weight of meaning, from 0 to 1; the words have the rest
   * @return the passages of both with their fused scores, best first
   */
  static List<Passage> fuse(List<Passage> meaning, List<Passage> words, double weight) {
    Map<String, Passage> fused = new LinkedHashMap<>();
    add(fused, meaning, weight);
    add(fused, words, agree(meaning, words) ? 1 - weight : 0);
    List<Passage> order = new ArrayList<>(fused.values());
    order.sort(Comparator.comparingDouble(Passage::score).reversed());
    return order;
  }

  /** The only order there is, best first, its scores as parts of its best. */
  static List<Passage> alone(List<Passage> order) {
    if (order.isEmpty()) {
      return order;
    }
    double best = order.get(0).score();
    return order.stream()
        .map(passage -> passage.withScore(best > 0 ? Math.max(0, passage.score()) / best : 0))
        .toList();
  }

  /** Whether nothing is nearer in meaning than the best match of words. */
  private static boolean agree(List<Passage> meaning, List<Passage> words) {
    return meaning.stream()
        .takeWhile(passage -> passage.score() == meaning.get(0).score())
        .anyMatch(passage -> !words.isEmpty() && passage.id().equals(words.get(0).id()));
  }

  private static void add(Map<String, Passage> fused, List<Passage> order, double weight) {
    if (order.isEmpty()) {
      return;
    }
    double best = order.get(0).score();
    double worst = order.get(order.size() - 1).score();
    for (Passage passage : order) {
      double share = best == worst ? 1 : (passage.score() - worst) / (best - worst);
      fused.merge(
          passage.id(),
          passage.withScore(weight * share),
          (known, added) -> known.withScore(known.score() + added.score()));
    }
  }
}
