package org.llmroutes.retrieval;

import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/**
 * A Milvus filter expression from the {@code filter} of a request: metadata field to a value, or to
 * a list of values any of which will do. A field that holds a list has the value where one of its
 * entries is it. Field names are checked and values become quoted literals, so that nothing of a
 * request is read as an expression.
 */
final class MilvusFilter {
  private static final Pattern FIELD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
  private static final Set<String> TEXTS = Set.of("id", "document", "title", "text");

  private MilvusFilter() {}

  /**
   * @return the expression, empty for no filter
   */
  static String expression(Map<?, ?> filter) {
    return filter.entrySet().stream()
        .map(MilvusFilter::condition)
        .collect(Collectors.joining(" and "));
  }

  private static String condition(Map.Entry<?, ?> entry) {
    if (!(entry.getKey() instanceof String field) || !FIELD.matcher(field).matches()) {
      throw new TurnException(
          ErrorCode.INVALID_MESSAGE, "filter: a field name must be A-Z a-z 0-9 _");
    }
    List<?> values =
        entry.getValue() instanceof List<?> several
            ? several
            : Collections.singletonList(entry.getValue());
    if (TEXTS.contains(field) || "chunk".equals(field)) {
      return ofPassage(field, values);
    }
    if (CollectionSchema.VECTORS.contains(field)) {
      throw new TurnException(ErrorCode.INVALID_MESSAGE, "filter: " + field + " is a vector");
    } else if (CollectionSchema.READERS.equals(field)) {
      throw new TurnException(
          ErrorCode.INVALID_MESSAGE, "filter: readers is decided by who asks, and no metadata");
    }
    String name = MetadataFields.stored(field);
    return any(
        values.stream()
            .map(MilvusFilter::literal)
            .map(
                literal ->
                    "%s == %s or json_contains(%s, %s)".formatted(name, literal, name, literal))
            .toList());
  }

  /**
   * Balanced, because Milvus Lite reads conditions by recursion; and no {@code in}, because it
   * fails over fields that hold lists.
   */
  private static String any(List<String> conditions) {
    int half = conditions.size() / 2;
    return half == 0
        ? "(" + conditions.get(0) + ")"
        : "(%s or %s)"
            .formatted(
                any(conditions.subList(0, half)), any(conditions.subList(half, conditions.size())));
  }

  /** The fields that every passage has are of one type, and never lists. */
  private static String ofPassage(String field, List<?> values) {
    Class<?> type = TEXTS.contains(field) ? String.class : Number.class;
    if (!values.stream().allMatch(type::isInstance)) {
      throw new TurnException(
          ErrorCode.INVALID_MESSAGE,
          "filter: %s is a %s".formatted(field, type == String.class ? "string" : "number"));
    }
    return values.stream()
        .map(MilvusFilter::literal)
        .collect(Collectors.joining(", ", field + " in [", "]"));
  }

  static String literal(Object value) {
    if (value instanceof String text) {
      return quoted(text);
    } else if (value instanceof Boolean || value instanceof Long || value instanceof Integer) {
      return value.toString();
    } else if (value instanceof Double number && Double.isFinite(number)) {
      return value.toString();
    } else if (value instanceof BigInteger) {
      throw new TurnException(ErrorCode.INVALID_MESSAGE, "filter: a number must fit 64 bits");
    }
    throw new TurnException(
        ErrorCode.INVALID_MESSAGE, "filter: a value must be a string, a number or a boolean");
  }

  private static String quoted(String text) {
    StringBuilder literal = new StringBuilder(text.length() + 2).append('"');
    text.chars()
        .forEach(
            c -> {
              switch (c) {
                case '"' -> literal.append("\\\"");
                case '\\' -> literal.append("\\\\");
                case '\n' -> literal.append("\\n");
                case '\r' -> literal.append("\\r");
                case '\t' -> literal.append("\\t");
                default -> {
                  if (c < 0x20 || c == 0x7f) {
                    throw new TurnException(
                        ErrorCode.INVALID_MESSAGE, "filter: a value has control characters");
                  }
                  literal.append((char) c);
                }
              }
            });
    return literal.append('"').toString();
  }
}
