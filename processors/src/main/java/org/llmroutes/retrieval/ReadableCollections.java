package org.llmroutes.retrieval;

import java.util.Map;
import java.util.TreeMap;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;

/**
 * Which collections somebody may read something of. One that has nothing for him is not named, so
 * that nobody learns what there is for others; one that is empty has no secrets.
 */
public final class ReadableCollections {
  private final DocumentCollection collections;
  private final DocumentInventory inventory;

  public ReadableCollections(MilvusConnection milvus, DocumentCollection collections) {
    this.collections = collections;
    this.inventory = new DocumentInventory(milvus, collections);
  }

  /**
   * @param scope of the one who asks
   * @return name of each collection to the number of documents that he may read, in the order of
   *     names
   * @throws StepException step {@code search}, unavailable
   */
  public Map<String, Long> of(SearchScope scope) {
    Map<String, Long> readable = new TreeMap<>();
    for (String name : collections.names()) {
      try {
        long documents = inventory.count(name, scope);
        if (documents > 0 || inventory.isEmpty(name)) {
          readable.put(name, documents);
        }
      } catch (StepException e) {
        // another program made it, or it is from before documents had readers
        if (e.code() != ErrorCode.REJECTED) {
          throw e;
        }
      }
    }
    return readable;
  }

  /**
   * The same, and no longer than until the deadline.
   *
   * @throws StepException step {@code search}: unavailable, timeout
   */
  public Map<String, Long> of(SearchScope scope, Deadline deadline) {
    return MilvusShare.within(deadline, () -> of(scope));
  }
}
