package org.llmroutes.ingest;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.llmroutes.retrieval.DocumentInventory;
import org.llmroutes.retrieval.DocumentWriter;

/**
 * Removes documents whose files are certainly gone. A folder without files may be a volume that is
 * not mounted, and one that could not be read whole says nothing: there, nothing is removed.
 */
final class Pruning {
  private final DocumentInventory inventory;
  private final DocumentWriter writer;
  private final SourceFiles sources;
  private final Tally tally;

  Pruning(DocumentInventory inventory, DocumentWriter writer, SourceFiles sources, Tally tally) {
    this.inventory = inventory;
    this.writer = writer;
    this.sources = sources;
    this.tally = tally;
  }

  void prune(IngestionRequest request, SourceRoot root) {
    if (request.prune() == Prune.NONE || !root.isFolder()) {
      return;
    }
    Set<String> documents = inventory.documents(request.collection(), root.name());
    if (documents.isEmpty()) {
      return;
    }
    if (sources.isNotReadWhole(root)) {
      refuse(root, "could not be read whole, so that nothing of it was removed");
    } else if (request.prune() == Prune.GONE && !sources.sawAnyOf(root)) {
      refuse(
          root,
          "has no files, but %d documents in the collection: is it mounted, is the path right? --prune --allow-empty removes them"
              .formatted(documents.size()));
    } else {
      remove(request, root, documents);
    }
  }

  private void remove(IngestionRequest request, SourceRoot root, Set<String> documents) {
    Map<String, Integer> gone = new TreeMap<>();
    documents.stream()
        .filter(request.shard()::holds)
        .filter(document -> !sources.saw(document) && root.isGone(document))
        .forEach(document -> gone.put(document, 0));
    writer.deleteFrom(request.collection(), gone);
    tally.removed(gone.size());
  }

  private void refuse(SourceRoot root, String reason) {
    tally.problem(
        new Problem(root.name().isEmpty() ? root.path().toString() : root.name(), reason));
  }
}
