package org.llmroutes.retrieval;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A passage as responses list it: what it is, and as far as known where it stands and when it was
 * written.
 */
final class CitedSource {
  /** A response has room for fifty sources. */
  private static final int METADATA_BYTES = 2048;

  private CitedSource() {}

  /**
   * @param n the number by which the text of an answer cites it
   * @param text what the prompt holds of the passage
   */
  static Map<String, Object> of(int n, Passage passage, String text) {
    Map<String, Object> metadata = new LinkedHashMap<>(passage.metadata());
    Long page = metadata.remove("page") instanceof Long number && number > 0 ? number : null;
    String anchor =
        metadata.remove("anchor") instanceof String name && !name.isEmpty() ? name : null;
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("n", n);
    source.put("id", passage.id());
    source.put("document", passage.document());
    source.put("title", passage.title());
    if (page != null) {
      source.put("page", page);
    }
    if (anchor != null) {
      source.put("anchor", anchor);
    }
    SourceLink.of(metadata, page, anchor).ifPresent(link -> source.put("url", link));
    ModificationDate.of(metadata).ifPresent(time -> source.put("modified", time.toString()));
    source.put("score", passage.score());
    source.put("text", text);
    Map<String, Object> bounded = bounded(metadata);
    if (!bounded.isEmpty()) {
      source.put("metadata", bounded);
    }
    return source;
  }

  /** The fields that fit, in the order of their names. */
  private static Map<String, Object> bounded(Map<String, Object> metadata) {
    Map<String, Object> bounded = new LinkedHashMap<>();
    int left = METADATA_BYTES;
    for (Map.Entry<String, Object> field : metadata.entrySet()) {
      int size = size(field.getKey()) + size(field.getValue());
      if (size <= left) {
        bounded.put(field.getKey(), field.getValue());
        left -= size;
      }
    }
    return bounded;
  }

  private static int size(Object value) {
    if (value instanceof List<?> entries) {
      return entries.stream().mapToInt(CitedSource::size).sum();
    }
    return value.toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
