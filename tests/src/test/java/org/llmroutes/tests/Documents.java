package org.llmroutes.tests;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.http.Deadline;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.retrieval.DocumentWriter;
import org.llmroutes.retrieval.EmbeddingSpace;
import org.llmroutes.retrieval.HttpEmbeddings;
import org.llmroutes.retrieval.MilvusConnection;

/** What there is to answer from. */
final class Documents {
  private final PlatformServices services;

  Documents(Settings settings) {
    this.services = PlatformServices.load(settings);
  }

  /** Makes sure that a collection is there. */
  void collection(String name) {
    collection(name, new EmbeddingSpace("", 384, ""));
  }

  private void collection(String name, EmbeddingSpace space) {
    try (MilvusConnection milvus = new MilvusConnection(services.milvus())) {
      new DocumentCollection(milvus).ensure(name, space);
    }
  }

  /** A collection of its own that holds these texts, each as a document of one chunk. */
  String collectionOf(String... texts) {
    return collectionOf(new EmbeddingSpace("", 384, ""), texts);
  }

  /** The same, said to hold vectors of some model. */
  String collectionOf(EmbeddingSpace space, String... texts) {
    String name = "c" + UUID.randomUUID().toString().replace("-", "");
    collection(name, space);
    for (String text : texts) {
      put(name, text, Map.of());
    }
    return name;
  }

  void put(String collection, String text, Map<String, Object> metadata) {
    put(collection, text, List.of("public"), metadata);
  }

  void put(String collection, String text, List<String> readers, Map<String, Object> metadata) {
    put(collection, UUID.randomUUID() + ".md", "A title", text, readers, metadata);
  }

  /** A chunk of a document that everybody may read. */
  void page(String collection, String document, String title, String text) {
    put(collection, document, title, text, List.of("public"), Map.of());
  }

  private void put(
      String collection,
      String document,
      String title,
      String text,
      List<String> readers,
      Map<String, Object> metadata) {
    float[] vector =
        HttpEmbeddings.of(services.embeddings())
            .embedPassages(List.of(text), Deadline.never())
            .get(0);
    String id = UUID.randomUUID().toString();
    DocumentWriter.Entity entity =
        new DocumentWriter.Entity(id, document, title, 0, text, vector, readers, metadata);
    try (MilvusConnection milvus = new MilvusConnection(services.milvus())) {
      new DocumentWriter(milvus).upsert(collection, List.of(entity));
    }
  }
}
