package org.llmroutes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * Views decoded MessagePack as JSON, for validation only: what JSON has no type for becomes an
 * opaque node.
 */
final class Json {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Json() {}

  static JsonNode node(Object value) {
    if (value instanceof String text) {
      return NODES.textNode(text);
    } else if (value instanceof Map<?, ?> map) {
      ObjectNode node = NODES.objectNode();
      map.forEach((key, entry) -> node.set((String) key, node(entry)));
      return node;
    } else if (value instanceof List<?> list) {
      ArrayNode node = NODES.arrayNode(list.size());
      list.forEach(entry -> node.add(node(entry)));
      return node;
    } else if (value instanceof Boolean bool) {
      return NODES.booleanNode(bool);
    } else if (value instanceof Long || value instanceof Integer) {
      return NODES.numberNode(((Number) value).longValue());
    } else if (value instanceof BigInteger big) {
      return NODES.numberNode(big);
    } else if (value instanceof Double number && Double.isFinite(number)) {
      return NODES.numberNode(number);
    } else if (value == null) {
      return NODES.nullNode();
    }
    return NODES.pojoNode(value);
  }
}
