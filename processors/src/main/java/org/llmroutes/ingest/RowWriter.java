package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.retrieval.DocumentWriter;
import org.llmroutes.retrieval.DocumentWriter.Entity;

/**
 * Writes rows, and finds out which of them Milvus refuses: rows that are refused together are tried
 * by halves, and one that is refused alone without its metadata.
 */
final class RowWriter {
  private final DocumentWriter writer;
  private final String collection;

  RowWriter(DocumentWriter writer, String collection) {
    this.writer = writer;
    this.collection = collection;
  }

  /**
   * A row that is not there as it should be.
   *
   * @param stored whether it is there without its metadata
   */
  record Refusal(Entity row, boolean stored, StepException why) {}

  /**
   * @return what was refused; an older row of the same id is gone then
   * @throws StepException where Milvus fails, or refuses whatever it is given
   */
  List<Refusal> write(List<Entity> rows) {
    List<Refusal> refusals = new ArrayList<>();
    write(rows, refusals);
    List<Refusal> missing = refusals.stream().filter(refusal -> !refusal.stored()).toList();
    if (missing.size() == rows.size() && rows.size() > 1) {
      throw missing.get(0).why();
    }
    writer.delete(collection, missing.stream().map(refusal -> refusal.row().id()).toList());
    return refusals;
  }

  private void write(List<Entity> rows, List<Refusal> refusals) {
    try {
      writer.upsert(collection, rows);
    } catch (StepException e) {
      if (e.code() != ErrorCode.REJECTED) {
        throw e;
      } else if (rows.size() > 1) {
        write(rows.subList(0, rows.size() / 2), refusals);
        write(rows.subList(rows.size() / 2, rows.size()), refusals);
      } else {
        refusals.add(new Refusal(rows.get(0), storedPlainly(rows.get(0)), e));
      }
    }
  }

  private boolean storedPlainly(Entity row) {
    Map<String, Object> version =
        Map.of(Metadata.CONTENT_HASH, row.metadata().get(Metadata.CONTENT_HASH));
    Entity plain =
        new Entity(
            row.id(),
            row.document(),
            row.title(),
            row.chunk(),
            row.text(),
            row.vector(),
            row.readers(),
            version);
    try {
      writer.upsert(collection, List.of(plain));
      return true;
    } catch (StepException e) {
      if (e.code() != ErrorCode.REJECTED) {
        throw e;
      }
      return false;
    }
  }
}
