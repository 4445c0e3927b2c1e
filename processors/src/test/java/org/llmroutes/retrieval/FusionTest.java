package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against values computed by hand. */
class FusionTest {

  @Test
  void addsWhatBothOrdersSayWhereTheirBestIsTheSame() {
    List<Passage> meaning = List.of(passage("a", 0.9), passage("b", 0.74), passage("c", 0.7));
    List<Passage> words =
        List.of(passage("a", 20), passage("d", 19), passage("c", 15), passage("b", 10));

    assertThat(Fusion.fuse(meaning, words, 0.75))
        .extracting(Passage::id, passage -> Math.round(passage.score() * 1000))
        .containsExactly(tuple("a", 1000L), tuple("d", 225L), tuple("b", 150L), tuple("c", 125L));
  }

  @Test
  void keepsTheOrderByMeaningWhereTheBestDiffer() {
    List<Passage> meaning = List.of(passage("a", 0.9), passage("b", 0.8), passage("c", 0.7));
    List<Passage> words = List.of(passage("d", 20), passage("c", 19), passage("a", 10));

    assertThat(Fusion.fuse(meaning, words, 0.75))
        .extracting(Passage::id)
        .containsExactly("a", "b", "c", "d");
  }

  @Test
  void takesTheOneOrderThereIs() {
    List<Passage> only = List.of(passage("a", 3), passage("b", 2));

    assertThat(Fusion.fuse(only, List.of(), 0.75))
        .extracting(Passage::id)
        .containsExactly("a", "b");
    assertThat(Fusion.fuse(List.of(), only, 0.75))
        .extracting(Passage::id)
        .containsExactly("a", "b");
  }

  @Test
  void takesScoresThatAreAllAlikeForGood() {
    assertThat(Fusion.fuse(List.of(passage("a", 3)), List.of(), 0.8))
        .extracting(Passage::score)
        .containsExactly(0.8);
  }

  @Test
  void oneSearchAloneIsComparedWithItsBest() {
    List<Passage> words = List.of(passage("a", 12), passage("b", 3), passage("c", -3));

    assertThat(Fusion.alone(words)).extracting(Passage::score).containsExactly(1.0, 0.25, 0.0);
    assertThat(Fusion.alone(List.of(passage("a", -0.2))))
        .extracting(Passage::score)
        .containsExactly(0.0);
    assertThat(Fusion.alone(List.of())).isEmpty();
  }

  @Test
  void keepsTheRestBehindWhatWasReranked() {
    List<Passage> found =
        List.of(
            passage("a", 0.9),
            passage("b", 0.9),
            passage("c", 0.8),
            passage("d", 0.5),
            passage("e", 0));

    assertThat(Rerank.reordered(found, new double[] {0.25, Double.NaN, 0.75}))
        .extracting(Passage::id, Passage::score)
        .containsExactly(
            tuple("c", 0.75),
            tuple("a", 0.25),
            tuple("b", 0.225),
            tuple("d", 0.125),
            tuple("e", 0.0));
  }

  @Test
  void keepsTheOrderOfTheSearchAmongEquals() {
    List<Passage> found = List.of(passage("a", 0.9), passage("b", 0.8), passage("c", 0.7));

    assertThat(Rerank.reordered(found, new double[] {0.5, 0.5, 0.5}))
        .extracting(Passage::id)
        .containsExactly("a", "b", "c");
    assertThat(Rerank.reordered(found, new double[0])).isEqualTo(found);
  }

  private static Passage passage(String id, double score) {
    return new Passage(id, id + ".md", "", 0, "text", score, Map.of());
  }
}
