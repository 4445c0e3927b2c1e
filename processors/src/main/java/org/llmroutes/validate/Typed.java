package org.llmroutes.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;

/** The value that a text stands for where a schema wants a number or a boolean. */
final class Typed {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Typed() {}

  /**
   * @return the text itself where it is no value of the type
   */
  static JsonNode of(String text, JsonNode schema) {
    try {
      return switch (schema.path("type").asText()) {
        case "integer" -> NODES.numberNode(new BigInteger(text));
        case "number" -> NODES.numberNode(new BigDecimal(text));
        case "boolean" ->
            text.matches("true|false")
                ? NODES.booleanNode(Boolean.parseBoolean(text))
                : NODES.textNode(text);
        default -> NODES.textNode(text);
      };
    } catch (NumberFormatException e) {
      return NODES.textNode(text);
    }
  }
}
