package org.llmroutes.config;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * A YAML document (1.2, core schema, with merge keys) as JSON, with the line on which each value's
 * key, or its list entry, stands. What an alias or a merge key brings stands where its anchor is.
 */
public final class YamlTree {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int ALIASES = 1000;
  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setSchema(new CoreSchema())
          .setMaxAliasesForCollections(ALIASES)
          .build();

  private final Map<JsonPointer, Integer> lines = new HashMap<>();
  private final Set<Node> around = Collections.newSetFromMap(new IdentityHashMap<>());
  private final ObjIntConsumer<String> onRepeatedKey;
  private final JsonNode root;

  private YamlTree(Node document, ObjIntConsumer<String> onRepeatedKey) {
    this.onRepeatedKey = onRepeatedKey;
    this.root = convert(document, JsonPointer.empty(), line(document));
  }

  /**
   * Reads a document; empty where there is none.
   *
   * @param onRepeatedKey is told each key that its map has already, with its line
   * @throws org.snakeyaml.engine.v2.exceptions.YamlEngineException where it is no YAML
   */
  public static Optional<YamlTree> parse(String text, ObjIntConsumer<String> onRepeatedKey) {
    return new Compose(SETTINGS)
        .composeString(text)
        .map(document -> new YamlTree(document, onRepeatedKey));
  }

  public JsonNode root() {
    return root;
  }

  /** From 1 on. */
  public Map<JsonPointer, Integer> lines() {
    return lines;
  }

  private JsonNode convert(Node node, JsonPointer at, int line) {
    lines.put(at, line);
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar);
    } else if (!around.add(node)) {
      throw new ComposerException("an alias stands inside of its anchor", node.getStartMark());
    }
    JsonNode converted =
        node instanceof MappingNode mapping ? object(mapping, at) : array((SequenceNode) node, at);
    around.remove(node);
    return converted;
  }

  private ObjectNode object(MappingNode mapping, JsonPointer at) {
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
  }

  private ArrayNode array(SequenceNode sequence, JsonPointer at) {
    ArrayNode array = NODES.arrayNode();
    for (Node entry : sequence.getValue()) {
      array.add(convert(entry, at.appendIndex(array.size()), line(entry)));
    }
    return array;
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
          ? whole(number.toBigIntegerExact())
          : NODES.numberNode(number.doubleValue());
    } catch (NumberFormatException e) {
      return NODES.textNode(text); // .inf and the like
    }
  }

  private static JsonNode whole(BigInteger number) {
    if (number.bitLength() < Integer.SIZE) {
      return NODES.numberNode(number.intValue());
    }
    return number.bitLength() < Long.SIZE
        ? NODES.numberNode(number.longValue())
        : NODES.numberNode(number);
  }

  private static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }
}
