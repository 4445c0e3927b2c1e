package org.llmroutes.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The YAML map that a Markdown file may begin with, between two lines of dashes. Jackson reads it
 * rather than the extension of commonmark, which knows only a part of YAML and no types.
 *
 * @param title its {@code title}, empty where there is none
 * @param metadata its other entries that can be metadata
 * @param rest the file without it
 */
record FrontMatter(String title, Map<String, Object> metadata, String rest) {
  private static final Pattern FENCED =
      Pattern.compile(
          "\\A---[ \\t]*\\R(.*?)^(?:---|\\.\\.\\.)[ \\t]*(?:\\R|\\z)",
          Pattern.DOTALL | Pattern.MULTILINE);
  private static final int VALUE_LENGTH = 4096;
  private static final YAMLMapper YAML = new YAMLMapper();

  static FrontMatter of(String text) throws InvalidDocument {
    Matcher fenced = FENCED.matcher(text);
    if (!fenced.find()) {
      return new FrontMatter("", Map.of(), text);
    }
    try {
      JsonNode root = YAML.readTree(fenced.group(1));
      return root.isObject()
          ? new FrontMatter(
              root.path("title").asText("").strip(), metadata(root), text.substring(fenced.end()))
          : new FrontMatter("", Map.of(), text);
    } catch (JsonProcessingException e) {
      throw new InvalidDocument("front matter is not YAML: " + e.getOriginalMessage(), e);
    }
  }

  private static Map<String, Object> metadata(JsonNode root) throws InvalidDocument {
    Map<String, Object> metadata = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      String name = entry.getKey().replaceAll("[^A-Za-z0-9_]", "_");
      Object value = value(entry.getValue());
      if (value instanceof String text && text.length() > VALUE_LENGTH) {
        throw new InvalidDocument("front matter: " + entry.getKey() + " is too long");
      }
      if (value != null && Metadata.isName(name)) {
        metadata.put(name, value);
      }
    }
    return metadata;
  }

  /** A scalar; a list of scalars as one text, separated by commas; null for anything else. */
  private static Object value(JsonNode node) {
    if (node.isBoolean()) {
      return node.booleanValue();
    } else if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    } else if (node.isFloatingPointNumber() && Double.isFinite(node.doubleValue())) {
      return node.doubleValue();
    } else if (node.isArray()) {
      List<String> entries = new ArrayList<>();
      node.forEach(entry -> entries.add(entry.asText()));
      return entries.isEmpty() ? null : String.join(", ", entries);
    }
    return node.isNull() || node.isContainerNode() ? null : node.asText();
  }
}
