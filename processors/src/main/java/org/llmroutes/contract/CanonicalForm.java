package org.llmroutes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One form of what MessagePack libraries write in several: a field that is nil is left out, a whole
 * number is an integer where the schema wants one, a value of the timestamp type is its RFC 3339
 * text. Nil stays where the schema has a place for it, and in maps of which it says nothing.
 */
final class CanonicalForm {
  private CanonicalForm() {}

  /**
   * @param schema of the map; what stands behind a {@code $ref} is not looked at
   */
  static Map<String, Object> of(Map<String, Object> map, JsonNode schema) {
    boolean described = schema.has("properties") || schema.has("additionalProperties");
    Map<String, Object> form = new LinkedHashMap<>();
    map.forEach(
        (name, value) -> {
          JsonNode field = field(schema, name);
          if (value != null || !described || allowsNull(field)) {
            form.put(name, value(value, field));
          }
        });
    return form;
  }

  @SuppressWarnings("unchecked") // decoded maps have string keys only
  private static Object value(Object value, JsonNode schema) {
    if (value instanceof Map<?, ?> map) {
      return of((Map<String, Object>) map, schema);
    } else if (value instanceof List<?> list) {
      return list.stream().map(entry -> value(entry, schema.path("items"))).toList();
    } else if (value instanceof Instant time) {
      return time.toString();
    } else if (value instanceof Double number && "integer".equals(schema.path("type").asText())) {
      return whole(number);
    }
    return value;
  }

  private static JsonNode field(JsonNode schema, String name) {
    JsonNode property = schema.path("properties").path(name);
    return property.isMissingNode() ? schema.path("additionalProperties") : property;
  }

  private static boolean allowsNull(JsonNode schema) {
    JsonNode type = schema.path("type");
    return "null".equals(type.asText())
        || contains(type, "null")
        || contains(schema.path("enum"), null)
        || anyAllowsNull(schema.path("anyOf"))
        || anyAllowsNull(schema.path("oneOf"));
  }

  private static boolean anyAllowsNull(JsonNode schemas) {
    for (JsonNode schema : schemas) {
      if (allowsNull(schema)) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(JsonNode list, String wanted) {
    for (JsonNode entry : list) {
      if (wanted == null ? entry.isNull() : wanted.equals(entry.asText())) {
        return true;
      }
    }
    return false;
  }

  private static Object whole(double number) {
    if (Double.isFinite(number) && number == Math.rint(number)) {
      return Math.abs(number) < Long.MAX_VALUE
          ? (Object) (long) number
          : new BigDecimal(number).toBigInteger();
    }
    return number;
  }
}
