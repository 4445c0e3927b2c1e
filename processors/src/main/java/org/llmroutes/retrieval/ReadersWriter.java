package org.llmroutes.retrieval;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.milvus.v2.service.vector.request.UpsertReq;
import java.util.List;
import java.util.Map;

/**
 * Changes who may read a document that is there: its chunks are rewritten as they are, vectors and
 * all, with other readers. The first one is last, so that its readers stand for the whole document
 * wherever a change was broken off.
 */
public final class ReadersWriter {
  private static final Gson GSON = new Gson();
  private static final int BATCH = 64;
  private static final List<String> FIELDS =
      List.of(
          "id", "document", "title", "chunk", "text", CollectionSchema.DENSE, MetadataFields.ALL);

  private final MilvusConnection milvus;
  private final DocumentInventory inventory;

  public ReadersWriter(MilvusConnection milvus, DocumentInventory inventory) {
    this.milvus = milvus;
    this.inventory = inventory;
  }

  /**
   * @param readers as {@link Readers} makes them
   * @return how many chunks were rewritten
   */
  public int change(String collection, String document, List<String> readers) {
    List<String> ids = inventory.chunks(collection, document);
    for (int from = 0; from < ids.size(); from += BATCH) {
      List<String> batch = ids.subList(from, Math.min(ids.size(), from + BATCH));
      List<JsonObject> rows =
          inventory.stored(collection, batch, FIELDS).stream()
              .map(chunk -> row(chunk, readers))
              .toList();
      UpsertReq request = UpsertReq.builder().collectionName(collection).data(rows).build();
      milvus.call("upsert", client -> client.upsert(request));
    }
    return ids.size();
  }

  private static JsonObject row(Map<String, Object> chunk, List<String> readers) {
    JsonObject row = new JsonObject();
    chunk.forEach(
        (field, value) -> {
          if (MetadataFields.ALL.equals(field)) {
            ((JsonObject) value)
                .entrySet()
                .forEach(entry -> row.add(entry.getKey(), entry.getValue()));
          } else {
            row.add(field, GSON.toJsonTree(value));
          }
        });
    row.add(CollectionSchema.READERS, GSON.toJsonTree(readers));
    return row;
  }
}
