package org.llmroutes.ingest;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The entries of a YAML map with their values as they are written: {@code no}, {@code 01234},
 * {@code 1.10} and dates stay text, as their author reads them.
 */
final class YamlEntries {
  /** Of a template that was never filled in. */
  private static final String UNFILLED = "{{";

  private static final Pattern KEY = Pattern.compile("([^\\s#'\"{\\[&*!|>%@`-][^\\n:]*?)[ \\t]*:");
  private static final Pattern ENTRY = Pattern.compile(KEY.pattern() + "(?:[ \\t]+(.*))?");
  private static final Pattern NEXT_KEY =
      Pattern.compile("\\R(?=" + KEY.pattern() + "(?:[ \\t\\r\\n]|\\z))");

  /** Each collection is read once, so that aliases neither multiply it nor make it endless. */
  private final Set<Node> read = Collections.newSetFromMap(new IdentityHashMap<>());

  private YamlEntries() {}

  /**
   * @return empty where it is YAML, and no map
   * @throws YamlEngineException where it is not YAML
   */
  static Optional<Map<String, Object>> of(String yaml) {
    Optional<Node> root = new Compose(LoadSettings.builder().build()).composeString(yaml);
    return root.filter(MappingNode.class::isInstance)
        .map(map -> new YamlEntries().map((MappingNode) map));
  }

  /** Whether something that is not YAML was meant as a map, rather than text between two rules. */
  static boolean looksLikeOne(String text) {
    return ENTRY.matcher(text.lines().findFirst().orElse("")).matches();
  }

  /** The entries that are YAML by themselves; of the others the words of their first line. */
  static Map<String, Object> readable(String text) {
    Map<String, Object> entries = new LinkedHashMap<>();
    for (String entry : NEXT_KEY.split(text)) {
      try {
        of(entry).ifPresent(entries::putAll);
      } catch (YamlEngineException e) {
        Matcher words = ENTRY.matcher(entry.lines().findFirst().orElse(""));
        if (words.matches() && words.group(2) != null && !words.group(2).contains(UNFILLED)) {
          entries.put(words.group(1), words.group(2).strip());
        }
      }
    }
    return entries;
  }

  private Map<String, Object> map(MappingNode mapping) {
    Map<String, Object> entries = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      if (entry.getKeyNode() instanceof ScalarNode key) {
        entries.put(key.getValue(), value(entry.getValueNode()));
      }
    }
    return entries;
  }

  private Object value(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getScalarStyle() == ScalarStyle.PLAIN
          ? plain(scalar.getValue())
          : scalar.getValue();
    } else if (!read.add(node)) {
      return null;
    } else if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream().map(this::value).toList();
    }
    return node instanceof MappingNode mapping ? map(mapping) : null;
  }

  private static Object plain(String text) {
    return List.of("", "~", "null").contains(text) ? null : Metadata.value(text);
  }
}
