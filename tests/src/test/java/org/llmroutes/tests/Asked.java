package org.llmroutes.tests;

import java.util.List;
import java.util.Map;

/**
 * What a client got for one request: the final response and the stream chunks before it, in order.
 */
record Asked(Map<String, Object> response, List<Map<String, Object>> chunks) {

  List<Map<String, Object>> chunks(String type) {
    return chunks.stream().filter(chunk -> type.equals(chunk.get("type"))).toList();
  }

  /** The tokens of the highest attempt, concatenated. */
  String streamed() {
    long highest =
        chunks.stream()
            .mapToLong(chunk -> ((Number) chunk.get("attempt")).longValue())
            .max()
            .orElse(0);
    StringBuilder text = new StringBuilder();
    for (Map<String, Object> chunk : chunks("token")) {
      if (((Number) chunk.get("attempt")).longValue() == highest) {
        text.append(chunk.get("content"));
      }
    }
    return text.toString();
  }

  String text() {
    return (String) response.get("response");
  }

  Map<?, ?> error() {
    return (Map<?, ?>) response.get("error");
  }

  List<?> degraded() {
    return (List<?>) response.get("degraded");
  }
}
