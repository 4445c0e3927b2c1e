package org.llmroutes.gateway;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the messages of a request come, and which is the last one.
 *
 * @param stream that keeps the chunks
 * @param chunks their subject
 * @param response subject of the final response; null where the last chunk is all that there is
 */
record Course(String stream, String chunks, String response) {
  private static final Set<String> LAST_CHUNKS = Set.of("done", "error");
  private static final Set<String> LAST_STATUSES =
      Set.of("succeeded", "failed", "cancelled", "rejected");

  /**
   * Of a chat or voice request.
   *
   * @param responses subject of final responses without the request id
   */
  static Course ofTurn(String responses, String requestId) {
    return new Course(
        "AI_STREAMS", responses + ".stream." + requestId, responses + "." + requestId);
  }

  /**
   * Of a run, whose statuses are its chunks.
   *
   * @param statuses their subject without the request id
   */
  static Course ofRun(String statuses, String requestId) {
    return new Course("AI_RESPONSES", statuses + "." + requestId, null);
  }

  boolean hasResponse() {
    return response != null;
  }

  /** What is to be listened to. */
  List<String> subjects(boolean wantsChunks) {
    if (!hasResponse()) {
      return List.of(chunks);
    }
    return wantsChunks ? List.of(response, chunks) : List.of(response);
  }

  /** Whether no chunk follows this one in its attempt. */
  boolean isLast(Map<String, Object> chunk) {
    return hasResponse()
        ? LAST_CHUNKS.contains(chunk.get("type"))
        : LAST_STATUSES.contains(chunk.get("status"));
  }

  /** Which attempt a chunk is of; a run has but one. */
  static long attempt(Map<String, Object> chunk) {
    return chunk.get("attempt") instanceof Number attempt ? attempt.longValue() : 0;
  }

  static long seq(Map<String, Object> chunk) {
    return ((Number) chunk.get("seq")).longValue();
  }
}
