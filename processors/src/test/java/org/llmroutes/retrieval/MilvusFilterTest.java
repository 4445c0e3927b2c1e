package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.errors.TurnException;
import org.llmroutes.local.MilvusLite;
import org.llmroutes.testing.Scratch;

/** Whatever a filter says, Milvus reads it as a value. */
class MilvusFilterTest {
  private static final String COLLECTION = "filtered";
  private static final float[] VECTOR = {1, 0};
  private static final MilvusLite SERVER = new MilvusLite(Scratch.folder("milvus"), 0);
  private static MilvusConnection milvus;
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

  static List<String> tags() {
    return TAGS;
  }

  @BeforeAll
  static void start() {
    SERVER.start();
    milvus = new MilvusConnection("http://" + SERVER.host() + ":" + SERVER.port());
    search = new DocumentSearch(milvus);
    new DocumentCollection(milvus).ensure(COLLECTION, 2);
    List<DocumentWriter.Entity> entities = new ArrayList<>();
    for (String tag : TAGS) {
      Map<String, Object> metadata = new HashMap<>();
      metadata.put("tag", tag);
      metadata.put("number", entities.size());
      metadata.put("ratio", entities.size() + 0.5);
      metadata.put("first", entities.isEmpty());
      String id = "e" + entities.size();
      entities.add(new DocumentWriter.Entity(id, "d", "t", 0, "words", VECTOR, metadata));
    }
    new DocumentWriter(milvus).upsert(COLLECTION, entities);
  }

  @AfterAll
  static void stop() {
    milvus.close();
    SERVER.close();
  }

  private static List<String> found(Map<String, ?> filter) {
    return search.search(COLLECTION, "words", VECTOR, filter, 50, 0.8).stream()
        .map(passage -> TAGS.get(Integer.parseInt(passage.id().substring(1))))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("tags")
  void exactlyTheEntityWithThatValue(String tag) {
    assertThat(found(Map.of("tag", tag))).containsExactly(tag);
    assertThat(found(Map.of("tag", List.of(tag, "not there")))).containsExactly(tag);
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
        .isThrownBy(() -> search.search("absent", "words", VECTOR, Map.of(), 5, 0.8))
        .withMessage("There is no collection absent")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.REJECTED));
  }

  @Test
  void aCollectionThatWasDroppedIsRejectedAndFoundAgain() {
    new DocumentCollection(milvus).ensure("dropped", 2);
    assertThat(search.search("dropped", "words", VECTOR, Map.of(), 5, 0.8)).isEmpty();
    milvus.call(
        client -> {
          client.dropCollection(
              io.milvus.v2.service.collection.request.DropCollectionReq.builder()
                  .collectionName("dropped")
                  .build());
          return null;
        });
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(StepException.class)
          .isThrownBy(() -> search.search("dropped", "words", VECTOR, Map.of(), 5, 0.8))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.REJECTED));
    }
    new DocumentCollection(milvus).ensure("dropped", 2);
    assertThat(search.search("dropped", "words", VECTOR, Map.of(), 5, 0.8)).isEmpty();
  }
}
