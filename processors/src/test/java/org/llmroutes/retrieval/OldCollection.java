package org.llmroutes.retrieval;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import java.util.List;

/** A collection as it was made before chunks had readers. */
public record OldCollection(MilvusConnection milvus, String name) {

  public OldCollection {
    CreateCollectionReq request =
        CollectionSchema.create(name, EmbeddingSpace.of("test", new float[] {1, 0}), true);
    request
        .getCollectionSchema()
        .getFieldSchemaList()
        .removeIf(field -> CollectionSchema.READERS.equals(field.getName()));
    milvus.call(
        "test",
        client -> {
          client.createCollection(request);
          return null;
        });
  }

  void with(String document, String text) {
    JsonObject row = new JsonObject();
    row.addProperty("id", document);
    row.addProperty("document", document);
    row.addProperty("title", "t");
    row.addProperty("chunk", 0);
    row.addProperty("text", text);
    row.add(CollectionSchema.DENSE, new Gson().toJsonTree(new float[] {1, 0}));
    UpsertReq request = UpsertReq.builder().collectionName(name).data(List.of(row)).build();
    milvus.call("test", client -> client.upsert(request));
  }
}
