package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.milvus.v2.service.collection.request.ReleaseCollectionReq;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.errors.TurnException;
import org.llmroutes.http.Deadline;
import org.llmroutes.identity.Principal;
import org.llmroutes.testing.TestMilvus;

/** On a real Milvus Lite: nobody finds by any search what somebody else may read. */
class SearchScopeTest {
  private static final String COLLECTION = "scoped";
  private static final float[] VECTOR = {1, 0};
  private static final MilvusConnection MILVUS = TestMilvus.connection();

  /** Names that would change an expression if they were not quoted. */
  private static final List<String> GROUPS =
      List.of(
          "hr",
          "HR",
          "h",
          "hr, public",
          "\"",
          "'",
          "\\",
          "\\\"",
          "x\"]) or 1==1 or ARRAY_CONTAINS_ANY(readers, [\"",
          "%",
          "_",
          "group:hr",
          "public",
          "user:ada",
          "{readers}",
          "\\u0068r",
          "grün 日本 🎉",
          "cn=hr,ou=groups");

  private final DocumentSearch search = new DocumentSearch(MILVUS);

  @BeforeAll
  static void fill() {
    new DocumentCollection(MILVUS).ensure(COLLECTION, EmbeddingSpace.of("test", VECTOR));
    List<DocumentWriter.Entity> entities = new ArrayList<>();
    for (String group : GROUPS) {
      entities.add(entity("g" + entities.size(), List.of(Principal.group(group).orElseThrow())));
    }
    entities.add(entity("ada", List.of("user:ada", "user:bob")));
    entities.add(entity("all", List.of("public")));
    new DocumentWriter(MILVUS).upsert(COLLECTION, entities);
  }

  private static DocumentWriter.Entity entity(String id, List<String> readers) {
    return new DocumentWriter.Entity(
        id, id, "t", 0, "salary page", VECTOR, readers, Map.of("team", id));
  }

  private List<String> found(List<String> principals, Map<?, ?> filter) {
    SearchScope scope = SearchScope.of(principals, filter);
    List<String> fused = ids(search.search(COLLECTION, "salary", VECTOR, scope, 50, 0.8));
    assertThat(ids(search.byWords(COLLECTION, "salary", scope, 50)))
        .containsExactlyInAnyOrderElementsOf(fused);
    assertThat(ids(search.byMeaning(COLLECTION, VECTOR, scope, 50)))
        .containsExactlyInAnyOrderElementsOf(fused);
    assertThat(new DocumentInventory(MILVUS).count(COLLECTION, scope)).isEqualTo(fused.size());
    return fused;
  }

  private static List<String> ids(List<Passage> passages) {
    return passages.stream().map(Passage::id).toList();
  }

  static Stream<String> groups() {
    return GROUPS.stream();
  }

  @ParameterizedTest
  @MethodSource("groups")
  void aGroupFindsWhatIsItsOwn(String group) {
    assertThat(found(List.of(Principal.group(group).orElseThrow()), Map.of()))
        .containsExactly("g" + GROUPS.indexOf(group));
  }

  @Test
  void aUserFindsWhatIsTheUsersOrPublic() {
    assertThat(found(List.of("user:ada", "public"), Map.of()))
        .containsExactlyInAnyOrder("ada", "all");
    assertThat(found(List.of("user:bob", "public"), Map.of("team", "ada"))).containsExactly("ada");
    assertThat(found(List.of("user:eve", "public"), Map.of())).containsExactly("all");
    assertThat(found(List.of("user:ad", "user:adaa", "user:Ada"), Map.of())).isEmpty();
    assertThat(found(List.of(), Map.of())).isEmpty();
  }

  @Test
  void noFilterFindsMore() {
    List<String> eve = List.of("user:eve", "public");
    List<Map<String, ?>> filters =
        List.of(
            Map.of("id", "ada"),
            Map.of("document", List.of("ada", "g0")),
            Map.of("chunk", 0L, "team", "ada"),
            Map.of("title", "t", "team", List.of("ada", "g1")),
            Map.of("team", List.of("x\" or 1==1 or team == \"y", "ada")));
    for (Map<String, ?> filter : filters) {
      assertThat(found(eve, filter)).isEmpty();
    }
    assertThat(found(eve, Map.of("document", "all"))).containsExactly("all");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"readers", "dense", "readers == \"public\" or readers", "$meta", "a) or (b"})
  void noFilterNamesReaders(String field) {
    assertThatExceptionOfType(TurnException.class)
        .isThrownBy(() -> SearchScope.of(List.of("public"), Map.of(field, "public")));
  }

  @Test
  void twoHundredPrincipalsAreNotTooMany() {
    List<String> many = IntStream.range(0, 199).mapToObj(i -> "group:g" + i).toList();
    List<String> principals = Stream.concat(many.stream(), Stream.of("public")).toList();

    assertThat(found(principals, Map.of())).containsExactly("all");
  }

  @Test
  void aCollectionIsNamedToWhoFindsSomethingInIt() {
    new DocumentCollection(MILVUS).ensure("nothing_yet", EmbeddingSpace.of("test", VECTOR));
    new DocumentCollection(MILVUS).ensure("secret", EmbeddingSpace.of("test", VECTOR));
    new DocumentWriter(MILVUS).upsert("secret", List.of(entity("s", List.of("group:hr"))));
    new OldCollection(MILVUS, "unread").with("one", "The heron waits.");

    assertThat(readable("user:eve", "public"))
        .containsEntry(COLLECTION, 1L)
        .containsEntry("nothing_yet", 0L)
        .doesNotContainKeys("secret", "unread");
    assertThat(readable("user:ada", "group:hr", "public"))
        .containsEntry(COLLECTION, 3L)
        .containsEntry("secret", 1L);
  }

  @Test
  void countsInACollectionThatWasReleasedSince() {
    DocumentInventory inventory = new DocumentInventory(MILVUS);
    new DocumentCollection(MILVUS).ensure("released", EmbeddingSpace.of("test", VECTOR));
    new DocumentWriter(MILVUS).upsert("released", List.of(entity("r", List.of("public"))));
    assertThat(inventory.count("released", SearchScope.ofPublic())).isEqualTo(1);
    MILVUS.call(
        "test",
        client -> {
          client.releaseCollection(
              ReleaseCollectionReq.builder().collectionName("released").build());
          return null;
        });

    assertThat(inventory.count("released", SearchScope.ofPublic())).isEqualTo(1);
  }

  private static Map<String, Long> readable(String... principals) {
    return new ReadableCollections(MILVUS, new DocumentCollection(MILVUS))
        .of(SearchScope.of(List.of(principals)), Deadline.never())
        .documents();
  }

  @Test
  void readersChangeAndAllElseStays() {
    String collection = "regrouped";
    new DocumentCollection(MILVUS).ensure(collection, EmbeddingSpace.of("test", VECTOR));
    Map<String, Object> metadata =
        Map.of("n", 3L, "ratio", 0.5, "tags", List.of("a", 7L), "like", "x", "content_hash", "h");
    List<DocumentWriter.Entity> chunks =
        IntStream.range(0, 150)
            .mapToObj(
                i ->
                    new DocumentWriter.Entity(
                        "d" + i,
                        "d\"oc",
                        "t",
                        i,
                        "salary " + i,
                        new float[] {.6f, .8f},
                        List.of("public"),
                        metadata))
            .toList();
    new DocumentWriter(MILVUS).upsert(collection, chunks);
    List<Passage> before = search.byMeaning(collection, VECTOR, SearchScope.ofPublic(), 200);

    DocumentInventory inventory = new DocumentInventory(MILVUS);
    int rewritten =
        new ReadersWriter(MILVUS, inventory).change(collection, "d\"oc", List.of("group:hr"));
    inventory.awaitVisible(collection);

    assertThat(rewritten).isEqualTo(150);
    assertThat(search.byMeaning(collection, VECTOR, SearchScope.ofPublic(), 200)).isEmpty();
    List<Passage> after =
        search.byMeaning(collection, VECTOR, SearchScope.of(List.of("group:hr")), 200);
    assertThat(after).containsExactlyInAnyOrderElementsOf(before);
    assertThat(inventory.values(collection, List.of("d0"), "content_hash"))
        .containsEntry("d0", "h");
    assertThat(inventory.readers(collection, List.of("d0"))).containsValue(List.of("group:hr"));
  }
}
