package org.llmroutes.bench.turns;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.llmroutes.config.MilvusSettings;
import org.llmroutes.errors.StepException;
import org.llmroutes.identity.Principal;
import org.llmroutes.local.LocalServer;
import org.llmroutes.local.Project;
import org.llmroutes.local.ai.BgeModel;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.retrieval.DocumentWriter;
import org.llmroutes.retrieval.EmbeddingSpace;
import org.llmroutes.retrieval.MilvusConnection;

/**
 * The real standalone Milvus (2.3.5, without BM25): Milvus Lite takes so long for a search that it
 * would hide everything else.
 */
final class MilvusStandalone extends LocalServer {
  private static final int DOCUMENTS = 2000;
  private static final int BATCH = 500;
  private static final Duration SERVES_WITHIN = Duration.ofSeconds(90);

  MilvusStandalone(Path data) {
    super("milvus-server", data, 0);
  }

  @Override
  protected List<String> command() {
    return List.of(
        Project.root().resolve(".dev/bench/venv/bin/milvus-server").toString(),
        "--data",
        data().resolve("milvus").toString(),
        "--proxy-port",
        Integer.toString(port()));
  }

  Map<String, String> environment() {
    return Map.of("MILVUS_HOST", "127.0.0.1", "MILVUS_PORT", Integer.toString(port()));
  }

  /** Makes the collection that requests name by default, with made-up documents. */
  void fill() throws InterruptedException {
    try (MilvusConnection milvus =
        new MilvusConnection(MilvusSettings.plain("127.0.0.1", port()))) {
      DocumentCollection collections = new DocumentCollection(milvus);
      ensure(collections);
      DocumentWriter writer = new DocumentWriter(milvus);
      for (int from = 0; from < DOCUMENTS; from += BATCH) {
        List<DocumentWriter.Entity> batch = new ArrayList<>();
        for (int i = from; i < from + BATCH; i++) {
          batch.add(document(i));
        }
        writer.upsert("documents", batch);
      }
      collections.searchableByWords("documents");
    }
  }

  /** Its port is open some time before it serves. */
  private static void ensure(DocumentCollection collections) throws InterruptedException {
    long until = System.nanoTime() + SERVES_WITHIN.toNanos();
    while (true) {
      try {
        collections.ensure("documents", new EmbeddingSpace("", BgeModel.DIMENSION, ""));
        return;
      } catch (StepException e) {
        if (System.nanoTime() > until) {
          throw e;
        }
        TimeUnit.SECONDS.sleep(1);
      }
    }
  }

  private static DocumentWriter.Entity document(int number) {
    List<Float> numbers = FakeServices.vector(number);
    float[] vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = numbers.get(i);
    }
    String text = "What document %d says of the matter in hand. ".formatted(number).repeat(12);
    String id = "document-" + number;
    return new DocumentWriter.Entity(
        id, id + ".md", "Document", 0, text, vector, List.of(Principal.PUBLIC), Map.of());
  }
}
