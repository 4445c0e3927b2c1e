package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.errors.TurnException;
import org.llmroutes.testing.TestMilvus;

/** Whatever a filter says, Milvus reads it as a value. */
class MilvusFilterTest {
  private static final String COLLECTION = "filtered";
  private static final float[] VECTOR = {1, 0};
  private static final MilvusConnection MILVUS = TestMilvus.connection();
  private static DocumentSearch search;

  /** Each is stored as the tag of one entity. */
  private static final List<String> TAGS =
      List.of(
          "plain",
          "\"",
          "'",
          "\\",
          "\\\"",
          "a\" or 1==1 or tag == \"b",
          "a' or 1==1 or tag == 'b",
          "\" or 1==1 --",
          "x\\\" or tag != \\\"",
          "ends with \\",
          "line\nbreak",
          "line\\nbreak",
          "tab\there",
          "return\r",
          "{tag}",
          "%",
          "pla%",
          "\\u0041",
          "A",
          "\\x41",
          "grün",
          "日本 🎉",
          "",
          "true",
          "7",
          "null");

  /** Of the grammar of Milvus, of Milvus Lite, and in several spellings. */
  private static final List<String> KEYWORDS =
      List.of(
          "like",
          "in",
          "exists",
          "not",
          "and",
          "or",
          "null",
          "true",
          "False",
          "is",
          "iso",
          "LIKE",
          "Null",
          "json_contains",
          "array_length",
          "text_match",
          "interval",
          "st_within");

  static List<String> tags() {
    return TAGS;
  }

  @BeforeAll
  static void start() {
    search = new DocumentSearch(MILVUS);
    new DocumentCollection(MILVUS).ensure(COLLECTION, EmbeddingSpace.of("test", VECTOR));
    List<DocumentWriter.Entity> entities = new ArrayList<>();
    for (String tag : TAGS) {
      Map<String, Object> metadata = new HashMap<>();
      metadata.put("tag", tag);
      metadata.put("number", entities.size());
      metadata.put("ratio", entities.size() + 0.5);
      metadata.put("first", entities.isEmpty());
      metadata.put("several", List.of("all", tag, entities.size()));
      KEYWORDS.forEach(keyword -> metadata.put(keyword, tag));
      String id = "e" + entities.size();
      entities.add(
          new DocumentWriter.Entity(id, "d", "t", 0, "words", VECTOR, List.of("public"), metadata));
    }
    new DocumentWriter(MILVUS).upsert(COLLECTION, entities);
  }

  private static SearchScope asking(Map<?, ?> filter) {
    return SearchScope.of(List.of("public"), filter);
  }

  private static List<String> found(Map<String, ?> filter) {
    return search.search(COLLECTION, "words", VECTOR, asking(filter), 50, 0.8).stream()
        .map(passage -> TAGS.get(Integer.parseInt(passage.id().substring(1))))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("tags")
  void exactlyTheEntityWithThatValue(String tag) {
    assertThat(found(Map.of("tag", tag))).containsExactly(tag);
    assertThat(found(Map.of("tag", List.of(tag, "not there")))).containsExactly(tag);
  }

  @ParameterizedTest
  @MethodSource("tags")
  void theEntityWhoseListHasThatEntry(String tag) {
    assertThat(found(Map.of("several", tag))).containsExactly(tag);
    assertThat(found(Map.of("several", List.of(tag, "not there")))).containsExactly(tag);
    assertThat(found(Map.of("several", "all", "tag", tag))).containsExactly(tag);
  }

  @Test
  void valuesOfSeveralTypesTogether() {
    assertThat(found(Map.of("several", 3L))).containsExactly(TAGS.get(3));
    assertThat(found(Map.of("number", List.of(1L, 2.5, "x", 2L))))
        .containsExactlyInAnyOrder(TAGS.get(1), TAGS.get(2));
  }

  @Test
  void asManyValuesAsARequestMayName() {
    List<Object> values = LongStream.range(10, 266).<Object>mapToObj(i -> i).toList();
    assertThat(found(Map.of("number", values, "several", values))).hasSize(TAGS.size() - 10);
  }

  static List<String> keywords() {
    return KEYWORDS;
  }

  @ParameterizedTest
  @MethodSource("keywords")
  void aWordOfTheExpressionsIsAFieldLikeAnyOther(String keyword) {
    assertThat(found(Map.of(keyword, "plain"))).containsExactly("plain");
    assertThat(found(Map.of(keyword, List.of("plain", "A"))))
        .containsExactlyInAnyOrder("plain", "A");
    assertThat(search.search(COLLECTION, "words", VECTOR, asking(Map.of("tag", "plain")), 1, 0.8))
        .first()
        .satisfies(passage -> assertThat(passage.metadata()).containsEntry(keyword, "plain"));
  }

  @Test
  void metadataComesBackAsItWasStored() {
    assertThat(search.search(COLLECTION, "words", VECTOR, asking(Map.of("number", 3L)), 1, 0.8))
        .first()
        .satisfies(
            passage ->
                assertThat(passage.metadata())
                    .containsEntry("number", 3L)
                    .containsEntry("ratio", 3.5)
                    .containsEntry("first", false)
                    .containsEntry("several", List.of("all", TAGS.get(3), 3L)));
  }

  @Test
  void aFieldOfThePassageIsOfItsType() {
    assertThat(found(Map.of("document", "d", "chunk", 0L, "tag", "'"))).containsExactly("'");
    assertThat(found(Map.of("id", List.of("e1", "e2")))).hasSize(2);
    invalid(Map.of("document", 3L));
    invalid(Map.of("chunk", "0"));
    invalid(Map.of("dense", "x"));
    invalid(Map.of("readers", "public"));
  }

  @Test
  void numbersAndTruthAndAllTogether() {
    assertThat(found(Map.of())).hasSize(TAGS.size());
    assertThat(found(Map.of("number", 3L))).containsExactly(TAGS.get(3));
    assertThat(found(Map.of("ratio", 3.5))).containsExactly(TAGS.get(3));
    assertThat(found(Map.of("first", true))).containsExactly("plain");
    assertThat(found(Map.of("number", List.of(1L, 2L), "tag", "'"))).containsExactly("'");
    assertThat(found(Map.of("number", 1L, "tag", "'"))).isEmpty();
    assertThat(found(Map.of("no_such_field", "x"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "tag == \"plain\" or tag", "1a", "a-b", "$meta", "tag[\"x\"]"})
  void aFieldIsAName(String field) {
    invalid(Map.of(field, "x"));
  }

  @Test
  void aValueIsAScalar() {
    invalid(Map.of("tag", Map.of()));
    invalid(Map.of("tag", new byte[1]));
    invalid(Map.of("tag", Double.NaN));
    invalid(Map.of("tag", BigInteger.ONE.shiftLeft(63)));
    invalid(Map.of("tag", "nul \u0000"));
    invalid(Map.of("tag", List.of(List.of("x"))));
    Map<String, Object> withNull = new HashMap<>();
    withNull.put("tag", null);
    invalid(withNull);
    invalid(Map.of("tag", Arrays.asList("x", null)));
  }

  private static void invalid(Map<String, ?> filter) {
    assertThatExceptionOfType(TurnException.class)
        .isThrownBy(() -> found(filter))
        .withMessageStartingWith("filter: ")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MESSAGE));
  }

  @Test
  void aCollectionThatIsNotThereIsRejected() {
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> search.search("absent", "words", VECTOR, asking(Map.of()), 5, 0.8))
        .withMessage("There is no collection absent")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.REJECTED));
  }

  @Test
  void aCollectionThatWasDroppedIsRejectedAndFoundAgain() {
    new DocumentCollection(MILVUS).ensure("dropped", EmbeddingSpace.of("test", VECTOR));
    assertThat(search.search("dropped", "words", VECTOR, asking(Map.of()), 5, 0.8)).isEmpty();
    MILVUS.call(
        "test",
        client -> {
          client.dropCollection(
              io.milvus.v2.service.collection.request.DropCollectionReq.builder()
                  .collectionName("dropped")
                  .build());
          return null;
        });
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(StepException.class)
          .isThrownBy(() -> search.search("dropped", "words", VECTOR, asking(Map.of()), 5, 0.8))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.REJECTED));
    }
    new DocumentCollection(MILVUS).ensure("dropped", EmbeddingSpace.of("test", VECTOR));
    assertThat(search.search("dropped", "words", VECTOR, asking(Map.of()), 5, 0.8)).isEmpty();
  }
}
