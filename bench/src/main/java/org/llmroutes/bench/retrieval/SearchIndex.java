package org.llmroutes.bench.retrieval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import org.llmroutes.bench.retrieval.TestCollection.Document;
import org.llmroutes.http.Deadline;
import org.llmroutes.identity.Principal;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.retrieval.DocumentWriter;
import org.llmroutes.retrieval.EmbeddingSpace;
import org.llmroutes.retrieval.Embeddings;
import org.llmroutes.retrieval.MilvusConnection;

/** Puts a test collection into Milvus, as ingestion would; once for the same texts. */
final class SearchIndex {
  private static final int BATCH = 32;

  private SearchIndex() {}

  /**
   * @param folder where it is noted which collections are complete
   * @return name of the Milvus collection
   */
  static String of(
      TestCollection tests, MilvusConnection milvus, Embeddings embeddings, Path folder)
      throws IOException {
    String name = "%s_r_%08x".formatted(tests.name(), tests.documents().hashCode());
    Path complete = folder.resolve(name + ".complete");
    if (Files.exists(complete)) {
      return name;
    }
    DocumentWriter writer = new DocumentWriter(milvus);
    List<Document> documents = tests.documents();
    try (ProgressBar progress = new ProgressBar("Embedding " + tests.name(), documents.size())) {
      for (int from = 0; from < documents.size(); from += BATCH) {
        List<Document> batch = documents.subList(from, Math.min(documents.size(), from + BATCH));
        List<float[]> vectors =
            embeddings.embedPassages(batch.stream().map(Document::text).toList(), Deadline.never());
        new DocumentCollection(milvus)
            .ensure(name, new EmbeddingSpace("", vectors.get(0).length, ""));
        writer.upsert(name, entities(batch, vectors));
        progress.stepBy(batch.size());
      }
    }
    Files.createFile(complete);
    return name;
  }

  private static List<DocumentWriter.Entity> entities(
      List<Document> documents, List<float[]> vectors) {
    List<DocumentWriter.Entity> entities = new ArrayList<>();
    for (int i = 0; i < vectors.size(); i++) {
      Document document = documents.get(i);
      entities.add(
          new DocumentWriter.Entity(
              document.id(),
              document.id(),
              document.title(),
              0,
              document.text(),
              vectors.get(i),
              List.of(Principal.PUBLIC),
              Map.of()));
    }
    return entities;
  }
}
