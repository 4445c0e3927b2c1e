package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.milvus.shaded.io.grpc.Status;
import io.milvus.v2.exception.ErrorCode;
import io.milvus.v2.exception.MilvusClientException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.testing.TestMilvus;

/** On a real Milvus Lite that is slow or broken in places. */
class ReadableCollectionsTest {
  private static final EmbeddingSpace SPACE = EmbeddingSpace.of("test", new float[] {1, 0});
  private static final Duration PATIENT = Duration.ofMinutes(1);

  /** What is warm is known long before. */
  private static final Duration IMPATIENT = Duration.ofSeconds(3);

  private final DocumentCollection made = new DocumentCollection(TestMilvus.connection());

  @Test
  void collectionsAreLoadedTogether() {
    CountDownLatch loading = new CountDownLatch(4);
    List<String> names = IntStream.range(0, 4).mapToObj(i -> "together" + i).toList();
    names.forEach(name -> made.ensure(name, SPACE));

    through(
        (method, content) -> {
          if ("LoadCollection".equals(method)) {
            loading.countDown();
            await(loading);
          }
        },
        readable -> {
          ReadableCollections.Readable listed = of(readable, PATIENT);

          assertThat(listed.documents()).containsKeys(names.toArray(String[]::new));
          assertThat(listed.complete()).isTrue();
        });
  }

  @Test
  void oneThatDoesNotAnswerHidesNoOther() {
    CountDownLatch over = new CountDownLatch(1);
    made.ensure("moving", SPACE);

    through(
        (method, content) -> {
          if (content.contains("stuck")) {
            await(over);
          }
        },
        readable -> {
          of(readable, PATIENT);
          made.ensure("stuck", SPACE);

          ReadableCollections.Readable listed = of(readable, IMPATIENT);

          assertThat(listed.documents()).containsKey("moving").doesNotContainKey("stuck");
          assertThat(listed.complete()).isFalse();
          over.countDown();
          assertThat(of(readable, PATIENT).documents()).containsKeys("moving", "stuck");
        });
  }

  @Test
  void oneThatIsBrokenHidesNoOther() {
    made.ensure("whole", SPACE);
    made.ensure("broken", SPACE);

    through(
        (method, content) -> {
          if (content.contains("broken")) {
            throw Status.INTERNAL.withDescription("segment is corrupt").asRuntimeException();
          }
        },
        readable -> {
          ReadableCollections.Readable listed = of(readable, PATIENT);

          assertThat(listed.documents()).containsKey("whole").doesNotContainKey("broken");
          assertThat(listed.complete()).isFalse();
        });
  }

  @Test
  void aMilvusThatSaysNothingOfAnyIsNotAnEmptyOne() {
    made.ensure("any", SPACE);

    through(
        (method, content) -> {
          if ("HasCollection".equals(method)) {
            throw Status.INTERNAL.withDescription("no metadata").asRuntimeException();
          }
        },
        readable ->
            assertThatExceptionOfType(StepException.class)
                .isThrownBy(() -> of(readable, PATIENT))
                .withMessageContaining("no metadata"));
  }

  /** Turns of others go on meanwhile. */
  @Test
  void aCollectionThatLoadsSlowlyCostsNobodyTheConnection() {
    MilvusClientException slow =
        new MilvusClientException(ErrorCode.TIMEOUT, "Load collection timeout");

    assertThat(MilvusFailure.of(slow, TestMilvus.settings()))
        .get()
        .extracting(MilvusFailure::gone)
        .isEqualTo(false);
  }

  private static void through(
      BiConsumer<String, String> before, Consumer<ReadableCollections> test) {
    try (MilvusRelay relay = new MilvusRelay(TestMilvus.settings(), before);
        MilvusConnection milvus = new MilvusConnection(relay.settings())) {
      test.accept(new ReadableCollections(milvus, new DocumentCollection(milvus)));
    }
  }

  private static ReadableCollections.Readable of(ReadableCollections readable, Duration within) {
    return readable.of(SearchScope.ofPublic(), Deadline.in(within));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
