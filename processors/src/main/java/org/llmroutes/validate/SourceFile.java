package org.llmroutes.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.llmroutes.config.YamlTree;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A YAML or JSON file that knows the line of each of its values, read by the parser that Camel and
 * the configuration use. A file that does not parse has a missing root, and its mistake is noted.
 */
final class SourceFile {
  private final String name;
  private final Mistakes mistakes;
  private final Set<JsonPointer> reported = new HashSet<>();
  private JsonNode root = MissingNode.getInstance();
  private Map<JsonPointer, Integer> lines = Map.of();

  /**
   * @param name relative to the project's home
   */
  SourceFile(String name, String text, Mistakes mistakes) {
    this.name = name;
    this.mistakes = mistakes;
    try {
      YamlTree.parse(text, this::repeated)
          .ifPresentOrElse(
              tree -> {
                root = tree.root();
                lines = tree.lines();
              },
              () -> mistakes.add(name, 1, "the file is empty"));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(Mark::getLine).orElse(0) + 1;
      mistakes.add(name, line, "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      mistakes.add(name, 1, "not YAML: " + e.getMessage());
    }
  }

  private void repeated(String key, int line) {
    mistakes.add(name, line, "the key " + key + " is there twice");
  }

  String name() {
    return name;
  }

  JsonNode root() {
    return root;
  }

  JsonNode at(JsonPointer pointer) {
    return root.at(pointer);
  }

  /** The line of a value's key, or of the nearest one around it that is in the file. */
  int line(JsonPointer pointer) {
    JsonPointer at = pointer;
    while (at != null && !lines.containsKey(at)) {
      at = at.head();
    }
    return at == null ? 1 : lines.get(at);
  }

  /** Notes a mistake; only the first one at each place counts. */
  void mistake(JsonPointer pointer, String message) {
    if (reported.add(pointer)) {
      mistakes.add(name, line(pointer), message);
    }
  }
}
