package org.llmroutes.tests;

import io.nats.client.impl.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a client got for one request: the final response and the stream chunks before it, in order.
 */
record Asked(Map<String, Object> response, Headers headers, List<Map<String, Object>> chunks) {

  List<Map<String, Object>> chunks(String type) {
    return chunks.stream().filter(chunk -> type.equals(chunk.get("type"))).toList();
  }

  /** What the chunks are, in order, each kind that repeats itself once. */
  List<Object> types() {
    List<Object> types = new ArrayList<>();
    for (Map<String, Object> chunk : chunks) {
      if (types.isEmpty() || !types.get(types.size() - 1).equals(chunk.get("type"))) {
        types.add(chunk.get("type"));
      }
    }
    return types;
  }

  /**
   * The tokens of the highest attempt by their seq; one may be heard twice, where it is retried.
   */
  String streamed() {
    long highest =
        chunks.stream()
            .mapToLong(chunk -> ((Number) chunk.get("attempt")).longValue())
            .max()
            .orElse(0);
    SortedMap<Long, String> bySeq = new TreeMap<>();
    for (Map<String, Object> chunk : chunks("token")) {
      if (((Number) chunk.get("attempt")).longValue() == highest) {
        bySeq.put(((Number) chunk.get("seq")).longValue(), (String) chunk.get("content"));
      }
    }
    return String.join("", bySeq.values());
  }

  String text() {
    return (String) response.get("response");
  }

  @SuppressWarnings("unchecked")
  Map<String, Object> error() {
    return (Map<String, Object>) response.get("error");
  }

  @SuppressWarnings("unchecked")
  Map<String, Object> timings() {
    return (Map<String, Object>) response.get("timings_ms");
  }

  @SuppressWarnings("unchecked")
  List<Map<String, Object>> sources() {
    return (List<Map<String, Object>>) response.get("sources");
  }

  List<?> degraded() {
    return (List<?>) response.get("degraded");
  }
}
