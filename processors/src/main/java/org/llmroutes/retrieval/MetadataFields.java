package org.llmroutes.retrieval;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/**
 * How metadata is kept in the dynamic field of a collection. Milvus refuses the words of its
 * expressions as names of fields, so that such a field has an underscore more there.
 */
final class MetadataFields {
  /** The dynamic field as Milvus calls it. */
  static final String ALL = "$meta";

  /** Not the document's own, and of no use to anybody who reads a source. */
  private static final String CONTENT_HASH = "content_hash";

  /**
   * @see <a
   *     href="https://github.com/milvus-io/milvus/blob/master/internal/parser/planparserv2/Plan.g4">the
   *     grammar of Milvus expressions</a>; Milvus Lite adds {@code is}
   */
  private static final Set<String> KEYWORDS =
      Set.of(
          "and",
          "array_contains",
          "array_contains_all",
          "array_contains_any",
          "array_length",
          "element_filter",
          "exists",
          "false",
          "in",
          "interval",
          "is",
          "iso",
          "json_contains",
          "json_contains_all",
          "json_contains_any",
          "like",
          "match_all",
          "match_any",
          "match_exact",
          "match_least",
          "match_most",
          "minimum_should_match",
          "not",
          "null",
          "or",
          "phrase_match",
          "random_sample",
          "text_match",
          "threshold",
          "true");

  private MetadataFields() {}

  /** The name under which a field of metadata is stored and found. */
  static String stored(String name) {
    return isKeyword(name) ? name + "_" : name;
  }

  /** What {@link DocumentWriter} stored, under the names it had. */
  static Map<String, Object> read(Object dynamicField) {
    Map<String, Object> metadata = new TreeMap<>();
    if (dynamicField instanceof JsonObject fields) {
      fields
          .entrySet()
          .forEach(
              field -> {
                Object value = value(field.getValue());
                if (value != null && !CONTENT_HASH.equals(field.getKey())) {
                  metadata.put(shown(field.getKey()), value);
                }
              });
    }
    return metadata;
  }

  private static String shown(String stored) {
    String name = stored.endsWith("_") ? stored.substring(0, stored.length() - 1) : stored;
    return isKeyword(name) ? name : stored;
  }

  private static boolean isKeyword(String name) {
    String word = name.toLowerCase(Locale.ROOT);
    return KEYWORDS.contains(word) || word.startsWith("st_");
  }

  /** Null for what metadata cannot hold. */
  private static Object value(JsonElement element) {
    if (element instanceof JsonArray entries) {
      return StreamSupport.stream(entries.spliterator(), false)
          .map(MetadataFields::value)
          .filter(Objects::nonNull)
          .toList();
    } else if (!element.isJsonPrimitive()) {
      return null;
    }
    JsonPrimitive primitive = element.getAsJsonPrimitive();
    if (primitive.isBoolean()) {
      return primitive.getAsBoolean();
    }
    return primitive.isNumber() ? number(primitive.getAsBigDecimal()) : primitive.getAsString();
  }

  private static Number number(BigDecimal number) {
    try {
      return number.scale() <= 0 ? (Number) number.longValueExact() : number.doubleValue();
    } catch (ArithmeticException e) {
      return number.doubleValue();
    }
  }
}
