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
  void keepsTheRestBehindWhatWasReranked() {
    List<Passage> found = List.of(passage("a", 0.9), passage("b", 0.1), passage("c", 0.05));

    assertThat(Rerank.reordered(found, new double[] {-3, 8}))
        .extracting(Passage::id)
        .containsExactly("b", "a", "c");
  }

  private static Passage passage(String id, double score) {
    return new Passage(id, id + ".md", "", 0, "text", score, Map.of());
  }
}
