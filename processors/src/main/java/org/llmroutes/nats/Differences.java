package org.llmroutes.nats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a configuration of the JetStream API differs from its definition, field by field. A limit
 * that is looser than defined is an operator's and no difference.
 *
 * @param changes in words
 * @param updated the configuration with the changes, JSON
 */
record Differences(List<String> changes, String updated) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Where 0 and below mean that there is none. */
  private static final Set<String> LIMITS =
      Set.of(
          "max_bytes",
          "max_age",
          "max_msg_size",
          "max_ack_pending",
          "ack_wait",
          "duplicate_window");

  /**
   * @param there the server's, JSON
   * @param wanted the definition, JSON of the same client library
   * @param named the fields that the definition names
   */
  static Differences of(String there, String wanted, Set<String> named) {
    ObjectNode updated = read(there);
    ObjectNode definition = read(wanted);
    List<String> changes = new ArrayList<>();
    for (String name : named) {
      JsonNode before = updated.path(name);
      JsonNode after = definition.path(name);
      if (!isSame(before, after) && !(LIMITS.contains(name) && isLooser(before, after))) {
        changes.add(name + " from " + text(name, before) + " to " + text(name, after));
        updated.set(name, after);
      }
    }
    return new Differences(changes, updated.toString());
  }

  private static boolean isSame(JsonNode one, JsonNode other) {
    if (one.isArray() && other.isArray()) {
      return entries(one).equals(entries(other));
    }
    return one.equals(other) || one.isNumber() && one.asLong() == other.asLong();
  }

  private static Set<JsonNode> entries(JsonNode list) {
    Set<JsonNode> entries = new HashSet<>();
    list.forEach(entries::add);
    return entries;
  }

  private static boolean isLooser(JsonNode there, JsonNode wanted) {
    return there.asLong() <= 0 || there.asLong() > wanted.asLong();
  }

  private static String text(String field, JsonNode value) {
    if (value instanceof MissingNode) {
      return "nothing";
    }
    return StreamDefinition.isDuration(field)
        ? Duration.ofNanos(value.asLong()).toString()
        : value.toString();
  }

  private static ObjectNode read(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The client library wrote no JSON", e);
    }
  }
}
