package org.llmroutes.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.progress.Progress;
import org.llmroutes.retrieval.EmbeddingSpace;
import org.llmroutes.retrieval.Embeddings;

/** What a service cannot embed is found, whatever else was asked together with it. */
class ChunkEmbedderTest {
  private static final String POISON = "QUARK";

  private final List<List<String>> asked = new ArrayList<>();
  private final List<String> embedded = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private boolean cancelled;

  @Test
  void oneTextThatFailsIsFoundAndTheOthersAreEmbedded() {
    embed(service(texts -> contains(texts, POISON)), with(POISON, 40));

    assertThat(embedded).hasSize(39).doesNotContain(POISON);
    assertThat(refused).containsExactly(POISON);
  }

  @Test
  void whatIsTooLongIsCutUntilItFits() {
    String words = IntStream.range(0, 200).mapToObj(i -> "word" + i).reduce("", "%s %s"::formatted);

    embed(
        service(texts -> texts.stream().anyMatch(text -> text.length() > 400)),
        List.of("short", words.strip(), "also short"));

    assertThat(refused).isEmpty();
    assertThat(embedded.get(0)).isEqualTo("short");
    assertThat(embedded.get(embedded.size() - 1)).isEqualTo("also short");
    assertThat(String.join(" ", embedded.subList(1, embedded.size() - 1))).isEqualTo(words.strip());
  }

  @Test
  void ofAChunkThatFailsOnlyTheSentenceThatMakesItFailIsLost() {
    String sentence = "The heron waits for fish in shallow water, and it does so for hours. ";

    embed(
        service(texts -> contains(texts, POISON)),
        List.of(sentence.repeat(6) + "Here is a " + POISON + ". " + sentence.repeat(6)));

    assertThat(String.join(" ", embedded)).doesNotContain(POISON).contains("heron");
    assertThat(refused).singleElement().asString().contains(POISON).hasSizeLessThan(200);
  }

  @Test
  void anOutageEndsTheWorkAtOnce() {
    Embeddings service = service(texts -> asked.size() > 3);

    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> embed(service, with("x", 200)))
        .withMessage("embeddings refused it");

    assertThat(asked).hasSize(5);
    assertThat(refused).isEmpty();
  }

  @Test
  void aServiceThatTakesFewAtOnceIsAskedForFew() {
    embed(service(texts -> texts.size() > 4), with("x", 200));

    assertThat(embedded).hasSize(200);
    assertThat(asked.subList(asked.size() - 20, asked.size())).allMatch(texts -> texts.size() == 4);
  }

  @Test
  void aVectorOfAnotherSizeIsNoVector() {
    Embeddings odd =
        new Service(texts -> false) {
          @Override
          public List<float[]> embedPassages(List<String> texts, Deadline deadline) {
            super.embedPassages(texts, deadline);
            return texts.stream().map(text -> new float[text.contains(POISON) ? 5 : 4]).toList();
          }
        };

    embed(odd, with(POISON, 3));

    assertThat(refused).containsExactly(POISON);
    assertThat(embedded).hasSize(2);
  }

  @Test
  void aCancelEndsTheWorkBetweenTwoRequests() {
    // asks for all, for a harmless word, and for the first half
    Embeddings service =
        service(
            texts -> {
              cancelled = asked.size() == 3;
              return texts.size() > 1;
            });

    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> embed(service, with("x", 10)));
    assertThat(asked).hasSize(3);
  }

  private void embed(Embeddings service, List<String> texts) {
    Progress progress =
        new Progress() {
          @Override
          public void advanced(long done, long total) {
            // nobody watches
          }

          @Override
          public boolean cancelled() {
            return cancelled;
          }
        };
    List<Chunk> chunks =
        texts.stream().map(text -> new Chunk("T", "T", "", text, Map.of())).toList();
    new ChunkEmbedder(service, 4, new Chunker(512), progress)
        .embed(
            chunks,
            new ChunkEmbedder.Outcome() {
              @Override
              public void embedded(int index, Chunk part, float[] vector) {
                embedded.add(part.body());
              }

              @Override
              public void refused(int index, Chunk part, StepException why) {
                refused.add(part.body());
              }
            });
  }

  private static List<String> with(String odd, int count) {
    List<String> texts = new ArrayList<>(Collections.nCopies(count, "fine"));
    texts.set(count / 2, odd);
    return texts;
  }

  private static boolean contains(List<String> texts, String part) {
    return texts.stream().anyMatch(text -> text.contains(part));
  }

  private Embeddings service(Predicate<List<String>> fails) {
    return new Service(fails);
  }

  /** Gives vectors of four numbers, or fails. */
  private class Service implements Embeddings {
    private final Predicate<List<String>> fails;

    Service(Predicate<List<String>> fails) {
      this.fails = fails;
    }

    @Override
    public List<float[]> embedPassages(List<String> texts, Deadline deadline) {
      asked.add(texts);
      if (fails.test(texts)) {
        throw new StepException("embed", ErrorCode.REJECTED, "embeddings refused it", null);
      }
      return Stream.generate(() -> new float[4]).limit(texts.size()).toList();
    }

    @Override
    public int passageTokens(Deadline deadline) {
      return 512;
    }

    @Override
    public float[] embedQuery(String question, Deadline deadline) {
      throw new UnsupportedOperationException();
    }

    @Override
    public EmbeddingSpace space(Deadline deadline) {
      throw new UnsupportedOperationException();
    }
  }
}
