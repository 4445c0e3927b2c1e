package org.llmroutes.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Values that came as texts, from a form or a query, as a schema has them. A text that is no such
 * value stays as it is, so that the schema says what is wrong.
 */
final class TextValues {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TextValues() {}

  static Map<String, Object> of(Map<String, Object> texts, JsonNode schema) {
    Map<String, Object> values = new LinkedHashMap<>(texts);
    values.replaceAll(
        (name, value) ->
            value instanceof String text
                ? value(text, schema.path("properties").path(name).path("type").asText())
                : value);
    return values;
  }

  private static Object value(String text, String type) {
    return switch (type) {
      case "integer", "number", "boolean", "object", "array" -> parsed(text);
      default -> text;
    };
  }

  private static Object parsed(String text) {
    try {
      return JSON.readValue(text, Object.class);
    } catch (JsonProcessingException e) {
      return text;
    }
  }
}
