package org.llmroutes.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A configuration file in YAML; anchors, aliases and merge keys work in every one. */
public final class YamlFile {
  private YamlFile() {}

  /**
   * What the file says; a missing node where it is empty.
   *
   * @param name of the file in messages
   * @throws IllegalArgumentException where it cannot be read, is no YAML or has a key twice; the
   *     message begins with {@code name}, with the line where that is known
   */
  public static JsonNode read(Path file, String name) {
    try {
      return YamlTree.parse(
              Files.readString(file),
              (key, line) -> {
                throw new IllegalArgumentException(
                    name + ":" + line + ": the key " + key + " is there twice");
              })
          .map(YamlTree::root)
          .orElseGet(MissingNode::getInstance);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(Mark::getLine).orElse(0) + 1;
      throw new IllegalArgumentException(name + ":" + line + ": " + e.getProblem(), e);
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("Cannot read " + file, e);
    }
  }
}
