package org.llmroutes.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.function.BiConsumer;

/** Walks over a file's values. */
final class Tree {
  private Tree() {}

  /** Visits a value and everything in it, outer before inner, each with its place. */
  static void walk(JsonPointer at, JsonNode node, BiConsumer<JsonPointer, JsonNode> visitor) {
    visitor.accept(at, node);
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      walk(at.appendProperty(field.getKey()), field.getValue(), visitor);
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      walk(at.appendIndex(i), node.get(i), visitor);
    }
  }

  /** The name under which a value stands; empty for the root. */
  static String name(JsonPointer at) {
    JsonPointer last = at.last();
    return last == null ? "" : last.getMatchingProperty();
  }

  /** Whether a value belongs to the options of an endpoint or a bean, where any name may occur. */
  static boolean inOptions(JsonPointer at) {
    for (JsonPointer part = at; !part.matches(); part = part.tail()) {
      String name = part.getMatchingProperty();
      if ("parameters".equals(name) || "properties".equals(name)) {
        return true;
      }
    }
    return false;
  }
}
