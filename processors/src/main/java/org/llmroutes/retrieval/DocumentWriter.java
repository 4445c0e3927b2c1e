package org.llmroutes.retrieval;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.milvus.exception.MilvusException;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.vector.request.DeleteReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import java.util.List;
import java.util.Map;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;

/** Puts chunks into a collection; the same id again replaces what was there. */
public final class DocumentWriter {
  private static final Gson GSON = new Gson();

  /** Conditions in one filter; Milvus bounds the size of an expression. */
  private static final int CONDITIONS = 64;

  private static final int REASON = 300;

  private final MilvusConnection milvus;

  /**
   * One chunk with its vector.
   *
   * @param id primary key, at most 64 characters
   * @param chunk position in its document, from 0
   * @param vector of the collection's size
   * @param readers who may read it, as {@link Readers} makes them
   * @param metadata further fields to filter by: scalars, and lists of scalars
   */
  public record Entity(
      String id,
      String document,
      String title,
      int chunk,
      String text,
      float[] vector,
      List<String> readers,
      Map<String, Object> metadata) {
    public Entity {
      if (readers.isEmpty()) {
        throw new IllegalArgumentException("A chunk that nobody reads: " + id);
      }
    }
  }

  public DocumentWriter(MilvusConnection milvus) {
    this.milvus = milvus;
  }

  /**
   * Returns once Milvus has stored all of them.
   *
   * @throws StepException step {@code search}: unavailable; rejected where Milvus refuses one of
   *     them
   */
  public void upsert(String collection, List<Entity> entities) {
    if (entities.isEmpty()) {
      return;
    }
    List<JsonObject> rows = entities.stream().map(DocumentWriter::row).toList();
    UpsertReq request = UpsertReq.builder().collectionName(collection).data(rows).build();
    try {
      milvus.call("upsert", client -> client.upsert(request));
    } catch (MilvusClientException | MilvusException e) {
      throw new StepException(
          "search", ErrorCode.REJECTED, "Milvus refused it: " + reason(e.getMessage()), e);
    }
  }

  private static String reason(String message) {
    String line = message.lines().findFirst().orElse("");
    return line.length() > REASON ? line.substring(0, REASON) : line;
  }

  /** Deletes single chunks by their ids. */
  public void delete(String collection, List<String> ids) {
    if (!ids.isEmpty()) {
      DeleteReq request =
          DeleteReq.builder().collectionName(collection).ids(List.copyOf(ids)).build();
      milvus.call("delete", client -> client.delete(request));
    }
  }

  /**
   * Deletes the chunks of documents from a position on; 0 deletes the whole document.
   *
   * @param positions name of the document to the first position that goes
   */
  public void deleteFrom(String collection, Map<String, Integer> positions) {
    List<String> conditions =
        positions.entrySet().stream()
            .map(
                entry ->
                    "(document == %s and chunk >= %d)"
                        .formatted(MilvusFilter.literal(entry.getKey()), entry.getValue()))
            .toList();
    for (int from = 0; from < conditions.size(); from += CONDITIONS) {
      String filter =
          String.join(
              " or ", conditions.subList(from, Math.min(conditions.size(), from + CONDITIONS)));
      milvus.call(
          "delete",
          client ->
              client.delete(DeleteReq.builder().collectionName(collection).filter(filter).build()));
    }
  }

  private static JsonObject row(Entity entity) {
    JsonObject row = new JsonObject();
    entity
        .metadata()
        .forEach((field, value) -> row.add(MetadataFields.stored(field), GSON.toJsonTree(value)));
    row.addProperty("id", entity.id());
    row.addProperty("document", entity.document());
    row.addProperty("title", entity.title());
    row.addProperty("chunk", entity.chunk());
    row.addProperty("text", entity.text());
    row.add(CollectionSchema.READERS, GSON.toJsonTree(entity.readers()));
    row.add(CollectionSchema.DENSE, GSON.toJsonTree(entity.vector()));
    return row;
  }
}
