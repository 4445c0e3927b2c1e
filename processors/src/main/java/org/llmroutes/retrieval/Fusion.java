package org.llmroutes.retrieval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two orders of passages as one: each order's scores are brought to 0..1 by its best and its worst,
 * and added by weight. A passage that an order lacks gets 0 from it.
 *
 * @see <a href="https://arxiv.org/abs/2210.11934">Bruch, Gai, Ingber: An Analysis of Fusion
 *     Functions for Hybrid Retrieval</a>
 */
final class Fusion {
  private Fusion() {}

  /**
   * @param first best first, as every order here
   * @param weight of the first order, from 0 to 1; the second has the rest
   * @return the passages of both with their fused scores, best first
   */
  static List<Passage> fuse(List<Passage> first, List<Passage> second, double weight) {
    Map<String, Passage> fused = new LinkedHashMap<>();
    add(fused, first, weight);
    add(fused, second, 1 - weight);
    List<Passage> order = new ArrayList<>(fused.values());
    order.sort(Comparator.comparingDouble(Passage::score).reversed());
    return order;
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
