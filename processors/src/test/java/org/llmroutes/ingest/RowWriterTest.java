package org.llmroutes.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llmroutes.config.MilvusSettings;
import org.llmroutes.errors.StepException;
import org.llmroutes.local.MilvusLite;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.retrieval.DocumentInventory;
import org.llmroutes.retrieval.DocumentWriter;
import org.llmroutes.retrieval.DocumentWriter.Entity;
import org.llmroutes.retrieval.EmbeddingSpace;
import org.llmroutes.retrieval.MilvusConnection;
import org.llmroutes.testing.Scratch;

/** On a real Milvus Lite: one row that is refused keeps no other one out. */
class RowWriterTest {
  private static final MilvusLite SERVER = new MilvusLite(Scratch.folder("milvus-rows"), 0);
  private static final String TOO_LONG = "t".repeat(3000);
  private static MilvusConnection milvus;
  private static int collections;

  private final String collection = "c" + collections++;
  private final RowWriter rows = new RowWriter(new DocumentWriter(milvus), collection);

  RowWriterTest() {
    new DocumentCollection(milvus).ensure(collection, new EmbeddingSpace("", 2, ""));
  }

  @BeforeAll
  static void start() {
    SERVER.start();
    milvus = new MilvusConnection(MilvusSettings.plain(SERVER.host(), SERVER.port()));
  }

  @AfterAll
  static void stop() {
    milvus.close();
    SERVER.close();
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
    return new DocumentInventory(milvus).values(collection, ids, "title");
  }

  private static Entity row(int id, String title, Map<String, Object> metadata) {
    Map<String, Object> all = new HashMap<>(metadata);
    all.put(Metadata.CONTENT_HASH, "v");
    return new Entity("" + id, "d", title, id, "text", new float[] {1, 0}, all);
  }
}
