package org.llmroutes.retrieval;

import io.milvus.orm.iterator.QueryIterator;
import io.milvus.response.QueryResultsWrapper;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.vector.request.QueryIteratorReq;
import io.milvus.v2.service.vector.request.QueryReq;
import io.milvus.v2.service.vector.response.QueryResp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Says what a collection holds, with everything that was written before the question. */
public final class DocumentInventory {
  private static final int PAGE = 1000;

  /** Every document has one such chunk. */
  private static final String FIRST = "chunk == 0";

  private static final String COUNT = "count(*)";

  private final MilvusConnection milvus;
  private final DocumentCollection collections;

  public DocumentInventory(MilvusConnection milvus) {
    this(milvus, new DocumentCollection(milvus));
  }

  public DocumentInventory(MilvusConnection milvus, DocumentCollection collections) {
    this.milvus = milvus;
    this.collections = collections;
  }

  /**
   * One text field of the chunks that exist.
   *
   * @param ids at most a few hundred
   * @return primary key to value
   */
  public Map<String, String> values(String collection, List<String> ids, String field) {
    Map<String, String> values = new HashMap<>();
    stored(collection, ids, List.of("id", field))
        .forEach(row -> values.put((String) row.get("id"), String.valueOf(row.get(field))));
    return values;
  }

  /**
   * Who may read the chunks that exist.
   *
   * @param ids at most a few hundred
   * @return primary key to readers; empty where a chunk from before has none
   */
  public Map<String, List<String>> readers(String collection, List<String> ids) {
    Map<String, List<String>> readers = new HashMap<>();
    stored(collection, ids, List.of("id", CollectionSchema.READERS))
        .forEach(
            row ->
                readers.put(
                    (String) row.get("id"),
                    row.get(CollectionSchema.READERS) instanceof List<?> names
                        ? names.stream().map(String::valueOf).toList()
                        : List.of()));
    return readers;
  }

  /** Fields of chunks as Milvus has them, of those that exist. */
  List<Map<String, Object>> stored(String collection, List<String> ids, List<String> fields) {
    collections.searchableByWords(collection);
    QueryReq request =
        QueryReq.builder()
            .collectionName(collection)
            .ids(List.copyOf(ids))
            .outputFields(fields)
            .consistencyLevel(ConsistencyLevel.STRONG)
            .build();
    return milvus.call("query", client -> client.query(request)).getQueryResults().stream()
        .map(QueryResp.QueryResult::getEntity)
        .toList();
  }

  /** The chunks of a document, its first one last. */
  List<String> chunks(String collection, String document) {
    collections.searchableByWords(collection);
    String filter = "document == " + MilvusFilter.literal(document);
    List<QueryResultsWrapper.RowRecord> chunks = new ArrayList<>();
    milvus.call(
        "query", client -> read(client, collection, filter, List.of("id", "chunk"), chunks::add));
    return chunks.stream()
        .sorted(
            Comparator.comparing((QueryResultsWrapper.RowRecord row) -> position(row)).reversed())
        .map(row -> (String) row.get("id"))
        .toList();
  }

  private static int position(QueryResultsWrapper.RowRecord chunk) {
    return ((Number) chunk.get("chunk")).intValue();
  }

  /** How many documents somebody finds something in. */
  public long count(String collection, SearchScope scope) {
    try {
      return counted(collection, scope);
    } catch (MilvusClientException e) {
      // not loaded any more: a restarted Milvus loads nothing by itself
      collections.forget(collection);
      return counted(collection, scope);
    }
  }

  private long counted(String collection, SearchScope scope) {
    boolean restricted = collections.restricted(collection);
    String condition = scope.condition(restricted);
    String filter = condition.isEmpty() ? FIRST : FIRST + " and " + condition;
    QueryReq request =
        QueryReq.builder()
            .collectionName(collection)
            .filter(filter)
            .outputFields(List.of(COUNT))
            .build();
    return ((Number)
            milvus
                .call("query", client -> client.query(request))
                .getQueryResults()
                .get(0)
                .getEntity()
                .get(COUNT))
        .longValue();
  }

  /** Names of the documents that have chunks, below a folder; an empty folder means all. */
  public Set<String> documents(String collection, String folder) {
    collections.searchableByWords(collection);
    Set<String> names = new TreeSet<>();
    milvus.call(
        "query",
        client ->
            read(
                client,
                collection,
                below(folder),
                List.of("document"),
                row -> names.add((String) row.get("document"))));
    return names;
  }

  /** A range, because {@code like} would need its wildcards escaped; 0 is what follows a slash. */
  private static String below(String folder) {
    return folder.isEmpty()
        ? "document >= \"\""
        : "document > %s and document < %s"
            .formatted(MilvusFilter.literal(folder + "/"), MilvusFilter.literal(folder + "0"));
  }

  private static Void read(
      MilvusClientV2 client,
      String collection,
      String filter,
      List<String> fields,
      Consumer<QueryResultsWrapper.RowRecord> reader) {
    QueryIterator pages =
        client.queryIterator(
            QueryIteratorReq.builder()
                .collectionName(collection)
                .expr(filter)
                .outputFields(fields)
                .batchSize(PAGE)
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build());
    try {
      List<QueryResultsWrapper.RowRecord> page = pages.next();
      while (!page.isEmpty()) {
        page.forEach(reader);
        page = pages.next();
      }
      return null;
    } finally {
      pages.close();
    }
  }

  /** Returns once searches see everything written so far, whatever their consistency level. */
  public void awaitVisible(String collection) {
    isEmpty(collection);
  }

  /** Whether it has no documents at all. */
  boolean isEmpty(String collection) {
    collections.searchableByWords(collection);
    QueryReq request =
        QueryReq.builder()
            .collectionName(collection)
            .filter(FIRST)
            .outputFields(List.of("id"))
            .limit(1)
            .consistencyLevel(ConsistencyLevel.STRONG)
            .build();
    return milvus.call("query", client -> client.query(request)).getQueryResults().isEmpty();
  }
}
