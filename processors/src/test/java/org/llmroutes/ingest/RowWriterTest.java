package org.llmroutes.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.llmroutes.errors.StepException;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.retrieval.DocumentInventory;
import org.llmroutes.retrieval.DocumentWriter;
import org.llmroutes.retrieval.DocumentWriter.Entity;
import org.llmroutes.retrieval.EmbeddingSpace;
import org.llmroutes.retrieval.MilvusConnection;
import org.llmroutes.testing.TestMilvus;

/** On a real Milvus Lite: one row that is refused keeps no other one out. */
class RowWriterTest {
  private static final String TOO_LONG = "t".repeat(3000);
  private static final MilvusConnection MILVUS = TestMilvus.connection();
  private static int collections;

  private final String collection = "c" + collections++;
  private final RowWriter rows = new RowWriter(new DocumentWriter(MILVUS), collection);

  RowWriterTest() {
    new DocumentCollection(MILVUS).ensure(collection, new EmbeddingSpace("", 2, ""));
  }

  @Test
  void aRowThatIsRefusedIsNamedAndItsOlderVersionGone() {
    List<Entity> given = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      given.add(row(i, i == 5 ? TOO_LONG : "title", Map.of()));
    }
    rows.write(List.of(row(5, "older", Map.of())));

    List<RowWriter.Refusal> refusals = rows.write(given);

    assertThat(refusals)
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.row().id()).isEqualTo("5"))
        .satisfies(refusal -> assertThat(refusal.stored()).isFalse())
        .satisfies(refusal -> assertThat(refusal.why()).hasMessageStartingWith("Milvus refused"));
    assertThat(stored()).containsOnlyKeys("0", "1", "2", "3", "4", "6", "7", "8");
  }

  @Test
  void aRowWhoseMetadataIsRefusedIsStoredWithoutIt() {
    List<RowWriter.Refusal> refusals =
        rows.write(List.of(row(0, "t", Map.of("sparse", "not a vector")), row(1, "t", Map.of())));

    assertThat(refusals)
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.stored()).isTrue());
    assertThat(stored()).containsOnlyKeys("0", "1");
  }

  @Test
  void whereEveryRowIsRefusedItIsNoFaultOfTheRows() {
    List<Entity> given = List.of(row(0, TOO_LONG, Map.of()), row(1, TOO_LONG, Map.of()));

    assertThatExceptionOfType(StepException.class).isThrownBy(() -> rows.write(given));
  }

  private Map<String, String> stored() {
    List<String> ids = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8");
    return new DocumentInventory(MILVUS).values(collection, ids, "title");
  }

  private static Entity row(int id, String title, Map<String, Object> metadata) {
    Map<String, Object> all = new HashMap<>(metadata);
    all.put(Metadata.CONTENT_HASH, "v");
    return new Entity("" + id, "d", title, id, "text", new float[] {1, 0}, List.of("public"), all);
  }
}
