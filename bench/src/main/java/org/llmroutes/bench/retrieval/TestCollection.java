package org.llmroutes.bench.retrieval;

import java.util.List;
import java.util.Map;

/**
 * What retrieval is measured with.
 *
 * @param name usable in the name of a Milvus collection
 * @param about what it is and where its queries come from, for the reader of the results
 */
record TestCollection(String name, String about, List<Document> documents, List<Query> queries) {

  record Document(String id, String title, String text) {}

  /**
   * @param grades of the judged documents by id; above 0 means relevant
   */
  record Query(String id, String text, Map<String, Integer> grades) {}
}
