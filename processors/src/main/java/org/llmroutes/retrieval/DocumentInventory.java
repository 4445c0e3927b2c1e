package org.llmroutes.retrieval;

import io.milvus.orm.iterator.QueryIterator;
import io.milvus.response.QueryResultsWrapper;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.service.vector.request.QueryIteratorReq;
import io.milvus.v2.service.vector.request.QueryReq;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Says what a collection holds, with everything that was written before the question. */
public final class DocumentInventory {
  private static final int PAGE = 1000;

  private final MilvusConnection milvus;
  private final DocumentCollection collections;

  public DocumentInventory(MilvusConnection milvus) {
    this.milvus = milvus;
    this.collections = new DocumentCollection(milvus);
  }

  /**
   * One text field of the chunks that exist.
   *
   * @param ids at most a few hundred
   * @return primary key to value
   */
  public Map<String, String> values(String collection, List<String> ids, String field) {
    collections.searchableByWords(collection);
    QueryReq request =
        QueryReq.builder()
            .collectionName(collection)
            .ids(List.copyOf(ids))
            .outputFields(List.of("id", field))
            .consistencyLevel(ConsistencyLevel.STRONG)
            .build();
    Map<String, String> values = new HashMap<>();
    milvus
        .call(client -> client.query(request))
        .getQueryResults()
        .forEach(
            row ->
                values.put(
                    String.valueOf(row.getEntity().get("id")),
                    String.valueOf(row.getEntity().get(field))));
    return values;
  }

  /** Names of the documents that have chunks, below a folder; an empty folder means all. */
  public Set<String> documents(String collection, String folder) {
    collections.searchableByWords(collection);
    return milvus.call(client -> documents(client, collection, below(folder)));
  }

  /** A range, because {@code like} would need its wildcards escaped; 0 is what follows a slash. */
  private static String below(String folder) {
    return folder.isEmpty()
        ? "document >= \"\""
        : "document > %s and document < %s"
            .formatted(MilvusFilter.literal(folder + "/"), MilvusFilter.literal(folder + "0"));
  }

  private static Set<String> documents(MilvusClientV2 client, String collection, String filter) {
    QueryIterator pages =
        client.queryIterator(
            QueryIteratorReq.builder()
                .collectionName(collection)
                .expr(filter)
                .outputFields(List.of("document"))
                .batchSize(PAGE)
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build());
    try {
      Set<String> names = new TreeSet<>();
      List<QueryResultsWrapper.RowRecord> page = pages.next();
      while (!page.isEmpty()) {
        page.forEach(row -> names.add((String) row.get("document")));
        page = pages.next();
      }
      return names;
    } finally {
      pages.close();
    }
  }

  /** Returns once searches see everything written so far, whatever their consistency level. */
  public void awaitVisible(String collection) {
    collections.searchableByWords(collection);
    milvus.call(
        client ->
            client.query(
                QueryReq.builder()
                    .collectionName(collection)
                    .filter("chunk == 0")
                    .outputFields(List.of("id"))
                    .limit(1)
                    .consistencyLevel(ConsistencyLevel.STRONG)
                    .build()));
  }
}
