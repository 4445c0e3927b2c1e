package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.testing.TestMilvus;

/** On a real Milvus Lite: a collection is told from those of other models and other programs. */
class DocumentCollectionTest {
  private static final EmbeddingSpace SPACE =
      EmbeddingSpace.of("BAAI/bge-m3", new float[] {.6f, -.8f});
  private static final MilvusConnection MILVUS = TestMilvus.connection();

  private final DocumentCollection collections = new DocumentCollection(MILVUS);

  @Test
  void keepsTheModelItWasMadeWith() {
    assertThat(collections.ensure("kept", SPACE)).isTrue();
    assertThat(collections.ensure("kept", SPACE)).isFalse();
    assertThat(new DocumentCollection(MILVUS).space("kept")).isEqualTo(SPACE);
  }

  /** As uploads of two files into a new collection do: it is there before its indexes are. */
  @Test
  void isReadyForWhoeverWantsItWhileAnotherOneCreatesIt() throws Exception {
    CountDownLatch lookedFor = new CountDownLatch(2);
    CountDownLatch halfMade = new CountDownLatch(1);
    BiConsumer<String, String> order =
        (method, content) -> {
          if ("CreateIndex".equals(method)) {
            halfMade.countDown();
            await(lookedFor);
          } else if ("DescribeIndex".equals(method)) {
            lookedFor.countDown();
          }
        };
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (MilvusRelay relay = new MilvusRelay(TestMilvus.settings(), order);
        MilvusConnection milvus = new MilvusConnection(relay.settings())) {
      Future<Boolean> created =
          other.submit(() -> new DocumentCollection(milvus).ensure("raced", SPACE));
      halfMade.await();

      assertThat(new DocumentCollection(milvus).ensure("raced", SPACE)).isFalse();
      assertThat(created.get()).isTrue();
    } finally {
      other.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void takesTheSameModelByAnotherWayOfServingIt() {
    collections.ensure("served", SPACE);

    assertThat(
            collections.ensure(
                "served", EmbeddingSpace.of("bge-m3:latest", new float[] {.602f, -.797f})))
        .isFalse();
    assertThat(collections.ensure("served", new EmbeddingSpace("", 2, ""))).isFalse();
  }

  @Test
  void namesBothSizes() {
    collections.ensure("sized", SPACE);

    assertOtherModel("sized", EmbeddingSpace.of("nomic-embed-text", new float[] {0, 0, 1}))
        .hasMessageContainingAll(
            "Collection sized holds vectors of size 2 by BAAI/bge-m3",
            "gives vectors of size 3 by nomic-embed-text",
            "ingest into another collection");
  }

  @Test
  void namesAnotherModelOfTheSameSize() {
    collections.ensure("named", SPACE);

    assertOtherModel("named", EmbeddingSpace.of("e5-large", new float[] {.6f, -.8f}))
        .hasMessageContainingAll("by BAAI/bge-m3", "by e5-large");
  }

  @Test
  void noticesAnotherModelUnderTheSameName() {
    collections.ensure("same", SPACE);

    assertOtherModel("same", EmbeddingSpace.of("BAAI/bge-m3", new float[] {.8f, .6f}))
        .hasMessageContaining("others, though of that size and under that name");
  }

  @Test
  void forgetsACollectionThatWasMadeAnew() {
    collections.ensure("anew", SPACE);
    MILVUS.call(
        "test",
        client -> {
          client.dropCollection(DropCollectionReq.builder().collectionName("anew").build());
          return null;
        });
    EmbeddingSpace other = EmbeddingSpace.of("e5-large", new float[] {.6f, -.8f});
    new DocumentCollection(MILVUS).ensure("anew", other);

    assertThat(collections.ensure("anew", other)).isFalse();
  }

  @Test
  void aCollectionFromBeforeReadersIsReadByNobodyUnlessItIsNamed() {
    new OldCollection(MILVUS, "before").with("one", "The heron waits.");
    DocumentSearch search = new DocumentSearch(MILVUS);
    String[] principals = {"user:ada", "group:hr", "public"};
    SearchScope scope = SearchScope.of(List.of(principals));

    assertRejected(
        () -> search.search("before", "heron", new float[] {1, 0}, scope, 5, .5),
        "nobody can read it: ingest its documents again");
    assertRejected(() -> search.byWords("before", "heron", scope, 5), "nobody can read it");
    assertRejected(() -> new DocumentInventory(MILVUS).count("before", scope), "nobody can");
    assertRejected(() -> collections.requireReaders("before"), "from before documents had readers");

    DocumentCollection open = new DocumentCollection(MILVUS, List.of("before"));
    assertThat(new DocumentSearch(MILVUS, open).byWords("before", "heron", scope, 5)).hasSize(1);
    assertThat(new DocumentInventory(MILVUS, open).count("before", scope)).isEqualTo(1);
  }

  @Test
  void aCollectionThatWasMadeAnewWithReadersIsNotOpenAnyMore() {
    new OldCollection(MILVUS, "opened").with("one", "The heron waits.");
    DocumentCollection open = new DocumentCollection(MILVUS, List.of("opened"));
    DocumentSearch search = new DocumentSearch(MILVUS, open);
    assertThat(search.byWords("opened", "heron", SearchScope.ofPublic(), 5)).hasSize(1);
    MILVUS.call(
        "test",
        client -> {
          client.dropCollection(DropCollectionReq.builder().collectionName("opened").build());
          return null;
        });
    new DocumentCollection(MILVUS).ensure("opened", SPACE);
    new DocumentWriter(MILVUS)
        .upsert(
            "opened",
            List.of(
                new DocumentWriter.Entity(
                    "1", "d", "t", 0, "heron", new float[] {1, 0}, List.of("group:hr"), Map.of())));

    assertThat(search.byWords("opened", "heron", SearchScope.ofPublic(), 5)).isEmpty();
    open.requireReaders("opened");
  }

  private static void assertRejected(ThrowingCallable work, String message) {
    StepException refused = catchThrowableOfType(StepException.class, work);
    assertThat(refused).hasMessageContaining(message);
    assertThat(refused.code()).isEqualTo(ErrorCode.REJECTED);
  }

  private AbstractThrowableAssert<?, StepException> assertOtherModel(
      String name, EmbeddingSpace space) {
    StepException refused =
        catchThrowableOfType(StepException.class, () -> collections.ensure(name, space));
    assertThat(refused.step()).isEqualTo("embed");
    assertThat(refused.code()).isEqualTo(ErrorCode.REJECTED);
    return assertThat(refused);
  }

  @ParameterizedTest
  @EnumSource
  void aCollectionOfAnotherProgramIsNamedAsSuch(Foreign foreign) {
    String name = foreign.name().toLowerCase(Locale.ROOT);
    foreign.create(name);

    assertForeign(name, foreign.difference, () -> collections.ensure(name, SPACE));
    DocumentSearch search = new DocumentSearch(MILVUS);
    assertForeign(name, foreign.difference, () -> search.requireSpace(name, SPACE));
    assertForeign(
        name,
        foreign.difference,
        () -> search.search(name, "why?", null, SearchScope.ofPublic(), 5, 0.8));
  }

  private static void assertForeign(String name, String difference, ThrowingCallable work) {
    StepException refused = catchThrowableOfType(StepException.class, work);
    assertThat(refused)
        .hasMessageContaining("Collection %s was not made by llm-routes: %s", name, difference);
    assertThat(refused.code()).isEqualTo(ErrorCode.REJECTED);
  }

  /** What other programs make. */
  enum Foreign {
    LANGCHAIN("it has no field chunk", "pk", "", "vector", "COSINE", true),
    ANOTHER_TYPE("its field chunk is of type VarChar", "id", "VarChar", "dense", "COSINE", true),
    ANOTHER_KEY("its primary key is pk", "pk", "Int32", "dense", "COSINE", true),
    NO_METADATA("it has no room for metadata", "id", "Int32", "dense", "COSINE", false),
    ANOTHER_METRIC("its vectors are compared by L2", "id", "Int32", "dense", "L2", true),
    NO_INDEX("its vectors have no index", "id", "Int32", "dense", "", true);

    private final String difference;
    private final String key;
    private final String chunk;
    private final String vector;
    private final String metric;
    private final boolean dynamic;

    Foreign(
        String difference,
        String key,
        String chunk,
        String vector,
        String metric,
        boolean dynamic) {
      this.difference = difference;
      this.key = key;
      this.chunk = chunk;
      this.vector = vector;
      this.metric = metric;
      this.dynamic = dynamic;
    }

    void create(String name) {
      CreateCollectionReq.CollectionSchema schema =
          CreateCollectionReq.CollectionSchema.builder().enableDynamicField(dynamic).build();
      for (String field : new TreeSet<>(List.of("id", "document", "title", "text", key))) {
        schema.addField(field(field, DataType.VarChar).isPrimaryKey(key.equals(field)).build());
      }
      if (!chunk.isEmpty()) {
        schema.addField(field("chunk", DataType.valueOf(chunk)).build());
      }
      schema.addField(field(vector, DataType.FloatVector).build());
      List<IndexParam> indexes =
          Stream.of(metric)
              .filter(metric -> !metric.isEmpty())
              .map(
                  metric ->
                      IndexParam.builder()
                          .fieldName(vector)
                          .indexType(IndexParam.IndexType.AUTOINDEX)
                          .metricType(IndexParam.MetricType.valueOf(metric))
                          .build())
              .toList();
      CreateCollectionReq request =
          CreateCollectionReq.builder()
              .collectionName(name)
              .collectionSchema(schema)
              .indexParams(indexes)
              .build();
      MILVUS.call(
          "test",
          client -> {
            client.createCollection(request);
            return null;
          });
    }

    private static AddFieldReq.AddFieldReqBuilder<?> field(String name, DataType type) {
      return AddFieldReq.builder().fieldName(name).dataType(type).maxLength(512).dimension(2);
    }
  }
}
