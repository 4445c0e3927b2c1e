package org.llmroutes.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A YAML document as JSON, with the line on which each value's key, or its list entry, stands. */
final class YamlTree {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Map<JsonPointer, Integer> lines = new HashMap<>();
  private final ObjIntConsumer<String> onRepeatedKey;
  private final JsonNode root;

  /**
   * @param onRepeatedKey is told each key that its map has already, with its line
   */
  YamlTree(Node document, ObjIntConsumer<String> onRepeatedKey) {
    this.onRepeatedKey = onRepeatedKey;
    this.root = convert(document, JsonPointer.empty(), line(document));
  }

  JsonNode root() {
    return root;
  }

  Map<JsonPointer, Integer> lines() {
    return lines;
  }

  private JsonNode convert(Node node, JsonPointer at, int line) {
    lines.put(at, line);
    if (node instanceof MappingNode mapping) {
      ObjectNode object = NODES.objectNode();
      for (NodeTuple entry : mapping.getValue()) {
        String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
        int keyLine = line(entry.getKeyNode());
        if (object.has(key)) {
          onRepeatedKey.accept(key, keyLine);
        }
        object.set(key, convert(entry.getValueNode(), at.appendProperty(key), keyLine));
      }
      return object;
    } else if (node instanceof SequenceNode sequence) {
      ArrayNode array = NODES.arrayNode();
      for (Node entry : sequence.getValue()) {
        array.add(convert(entry, at.appendIndex(array.size()), line(entry)));
      }
      return array;
    }
    return scalar((ScalarNode) node);
  }

  private static JsonNode scalar(ScalarNode node) {
    String text = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(Tag.NULL)) {
      return NODES.nullNode();
    } else if (tag.equals(Tag.BOOL)) {
      return NODES.booleanNode(Boolean.parseBoolean(text));
    } else if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return number(text);
    }
    return NODES.textNode(text);
  }

  private static JsonNode number(String text) {
    try {
      BigDecimal number = new BigDecimal(text);
      return number.scale() <= 0
          ? NODES.numberNode(number.toBigIntegerExact())
          : NODES.numberNode(number);
    } catch (NumberFormatException e) {
      return NODES.textNode(text); // .inf and the like
    }
  }

  private static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }
}
