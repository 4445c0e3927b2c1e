package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.v2.service.collection.request.ReleaseCollectionReq;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.testing.TestMilvus;

/** On a real Milvus Lite: both searches say with their scores what they say with their order. */
class DocumentSearchTest {
  private static final String COLLECTION = "searched";
  private static final String QUESTION = "token subject stream";
  private static final float[] VECTOR = {1, 0};
  private static final MilvusConnection MILVUS = TestMilvus.connection();
  private static DocumentSearch search;

  @BeforeAll
  static void start() {
    search = new DocumentSearch(MILVUS);
    new DocumentCollection(MILVUS).ensure(COLLECTION, EmbeddingSpace.of("test", VECTOR));
    new DocumentWriter(MILVUS)
        .upsert(
            COLLECTION,
            List.of(
                entity("one", "A token of thanks."),
                entity("all", "Each token of the stream has a subject."),
                entity("two", "The subject of a token."),
                entity("none", "Bananas are yellow.")));
  }

  /** All have the same meaning, so that words alone decide. */
  private static DocumentWriter.Entity entity(String id, String text) {
    return new DocumentWriter.Entity(id, "d", "t", 0, text, VECTOR, List.of("public"), Map.of());
  }

  @Test
  void theBestMatchOfWordsHasTheHighestScore() {
    List<Passage> found = search.byWords(COLLECTION, QUESTION, SearchScope.ofPublic(), 10);
    assertThat(found).extracting(Passage::id).containsExactly("all", "two", "one");
    assertThat(found)
        .allMatch(passage -> passage.score() > 0)
        .isSortedAccordingTo(Comparator.comparingDouble(Passage::score).reversed());
  }

  @Test
  void theBestMatchOfWordsIsFirstAmongEqualsInMeaning() {
    assertThat(search.search(COLLECTION, QUESTION, VECTOR, SearchScope.ofPublic(), 10, 0.8))
        .extracting(Passage::id)
        .startsWith("all", "two")
        .hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"???", "🙂", "…", " ", ""})
  void findsNothingByAQuestionWithoutWords(String question) {
    assertThat(search.search(COLLECTION, question, null, SearchScope.ofPublic(), 10, 0.8))
        .isEmpty();
    assertThat(search.search(COLLECTION, question, VECTOR, SearchScope.ofPublic(), 10, 0.8))
        .hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"words", "???", "🙂"})
  void findsNothingInAnEmptyCollection(String question) {
    new DocumentCollection(MILVUS).ensure("empty", EmbeddingSpace.of("test", VECTOR));

    assertThat(search.search("empty", question, null, SearchScope.ofPublic(), 10, 0.8)).isEmpty();
    assertThat(
            search.search(
                "empty",
                question,
                VECTOR,
                SearchScope.of(List.of("public"), Map.of("tag", "x")),
                10,
                0.8))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fail to search on QueryNode 1: Invalid sparse row: NaN or Inf value",
        "failed to search: can't build BM25 IDF for data without tokens"
      })
  void knowsWhatEarlyServersSayWhereThereIsNothingToCompare(String refusal) {
    assertThat(DocumentSearch.isOfNoWords(refusal)).isTrue();
    assertThat(DocumentSearch.isOfNoWords("cannot parse expression: a ==")).isFalse();
  }

  @Test
  void findsInACollectionThatWasReleasedSince() {
    search.search(COLLECTION, QUESTION, VECTOR, SearchScope.ofPublic(), 10, 0.8);
    MILVUS.call(
        "test",
        client -> {
          client.releaseCollection(
              ReleaseCollectionReq.builder().collectionName(COLLECTION).build());
          return null;
        });

    assertThat(search.search(COLLECTION, QUESTION, VECTOR, SearchScope.ofPublic(), 10, 0.8))
        .hasSize(4);
  }
}
