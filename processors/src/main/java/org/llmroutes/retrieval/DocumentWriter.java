package org.llmroutes.retrieval;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.milvus.v2.service.vector.request.UpsertReq;
import java.util.List;
import java.util.Map;

/** Puts chunks into a collection; the same id again replaces what was there. */
public final class DocumentWriter {
  private static final Gson GSON = new Gson();

  private final MilvusConnection milvus;

  /**
   * One chunk with its vector.
   *
   * @param id primary key, at most 64 characters
   * @param chunk position in its document, from 0
   * @param vector of the collection's size
   * @param metadata further fields to filter by: scalars only
   */
  public record Entity(
      String id,
      String document,
      String title,
      int chunk,
      String text,
      float[] vector,
      Map<String, Object> metadata) {}

  public DocumentWriter(MilvusConnection milvus) {
    this.milvus = milvus;
  }

  /** Returns once Milvus has stored all of them. */
  public void upsert(String collection, List<Entity> entities) {
    List<JsonObject> rows = entities.stream().map(DocumentWriter::row).toList();
    milvus.call(
        client -> client.upsert(UpsertReq.builder().collectionName(collection).data(rows).build()));
  }

  private static JsonObject row(Entity entity) {
    JsonObject row = new JsonObject();
    entity.metadata().forEach((field, value) -> row.add(field, GSON.toJsonTree(value)));
    row.addProperty("id", entity.id());
    row.addProperty("document", entity.document());
    row.addProperty("title", entity.title());
    row.addProperty("chunk", entity.chunk());
    row.addProperty("text", entity.text());
    row.add(DocumentCollection.DENSE, GSON.toJsonTree(entity.vector()));
    return row;
  }
}
