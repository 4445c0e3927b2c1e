package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmroutes.retrieval.DocumentWriter.Entity;

/**
 * A document while its chunks are embedded and written. Its chunks get their positions in the order
 * in which they come; the first one is kept back until all others are there.
 */
final class OpenDocument {
  /** Added to the version of a document that lacks a part, so that the next run tries again. */
  private static final String INCOMPLETE = "-incomplete";

  private final NewVersion version;
  private final List<String> leftOut = new ArrayList<>();
  private Entity first;
  private int written;
  private int waiting;
  private boolean there;

  OpenDocument(NewVersion version) {
    this.version = version;
    this.waiting = version.chunks().size();
  }

  String name() {
    return version.document();
  }

  boolean isKnown() {
    return version.known();
  }

  /** Whether any of it is in the collection. */
  boolean isThere() {
    return there;
  }

  /** A row for the next part; empty for the first one. */
  Optional<Entity> take(Chunk part, float[] vector) {
    Entity row = row(part, vector);
    written++;
    if (row.chunk() == 0) {
      first = row;
      return Optional.empty();
    }
    return Optional.of(row);
  }

  private Entity row(Chunk part, float[] vector) {
    Map<String, Object> metadata = new HashMap<>(version.metadata());
    metadata.putAll(part.metadata());
    metadata.put(Metadata.CONTENT_HASH, version.hash());
    return new Entity(
        Fingerprint.id(name(), written),
        name(),
        part.title(),
        written,
        part.text(),
        vector,
        version.readers(),
        metadata);
  }

  /** A part that will not be there. */
  void leaveOut(Chunk part, String why) {
    Object page = part.metadata().get("page");
    leftOut.add(
        "%s below \"%s\": %s"
            .formatted(page == null ? "the text" : "text of page " + page, part.title(), why));
  }

  /** Milvus did not take a row as it is. */
  void refused(RowWriter.Refusal refusal) {
    String what = refusal.stored() ? "the metadata of the text" : "the text";
    leftOut.add(
        "%s below \"%s\": %s".formatted(what, refusal.row().title(), refusal.why().getMessage()));
    there &= refusal.row().chunk() != 0 || refusal.stored();
  }

  /** One chunk of it has been dealt with. */
  void chunkDone() {
    waiting--;
  }

  boolean isWhole() {
    return waiting == 0;
  }

  /** How many parts it has now. */
  int written() {
    return written;
  }

  /** The first row; empty where nothing of the document could be embedded. */
  Optional<Entity> first() {
    there = first != null;
    if (there) {
      String hash = leftOut.isEmpty() ? version.hash() : version.hash() + INCOMPLETE;
      first.metadata().put(Metadata.CONTENT_HASH, new StoredVersion(hash, version.lacks()).text());
    }
    return Optional.ofNullable(first);
  }

  /** What was left out of it, if anything. */
  Optional<Problem> problem() {
    if (leftOut.isEmpty()) {
      return Optional.empty();
    }
    String how = there ? "was ingested in part, without " : "was left out: ";
    String others = leftOut.size() > 1 ? "; and %d more".formatted(leftOut.size() - 1) : "";
    return Optional.of(
        new Problem(
            name(),
            how
                + leftOut.get(0)
                + others
                + "; rewrite or shorten it, the next run tries it again"));
  }
}
