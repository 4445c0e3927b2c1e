package org.llmroutes.ingest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.llmroutes.retrieval.ModificationDate;

/**
 * What a document declares about itself, under the names that people and their tools give it.
 *
 * @param title empty where it has none
 * @param metadata all else that can be metadata; the entries of a map {@code a} as {@code a_b};
 *     {@code url} and {@code modified} also where they were declared by another name
 * @param warnings of what was left out
 */
record Declared(String title, Map<String, Object> metadata, List<Warning> warnings) {
  private static final int VALUE_BYTES = 4096;

  /** Half of what Milvus takes for one row, because each character may have to be escaped. */
  private static final int ALL_BYTES = 32_000;

  private static final List<String> URL = List.of("permalink", "canonical_url", "canonicalURL");
  private static final Pattern WEB_ADDRESS = Pattern.compile("https?://\\S+");

  /** Hugo, Obsidian, Jekyll, VitePress, Docusaurus, MkDocs; the day of writing comes last. */
  private static final List<String> MODIFIED =
      List.of(
          "lastmod",
          "updated",
          "last_modified_at",
          "last_updated",
          "lastUpdated",
          "last_update_date",
          "date_modified",
          "revision_date",
          "date");

  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}.*");

  static Declared of(Map<String, Object> entries) {
    Fields fields = new Fields();
    fields.add("", entries);
    name("url", URL, WEB_ADDRESS, fields.metadata);
    name(ModificationDate.FIELD, MODIFIED, DATE, fields.metadata);
    return new Declared(title(entries), fields.metadata, fields.warnings());
  }

  private static String title(Map<String, Object> entries) {
    return entries.entrySet().stream()
        .filter(entry -> "title".equalsIgnoreCase(entry.getKey()))
        .filter(entry -> Metadata.isScalar(entry.getValue()))
        .map(entry -> entry.getValue().toString().strip())
        .findFirst()
        .orElse("");
  }

  /** A scalar, or the scalars of a list; null where there is nothing to keep. */
  private static Object value(Object value) {
    if (value instanceof List<?> list) {
      List<?> scalars =
          list.stream().map(Declared::value).filter(Metadata::isScalar).distinct().toList();
      return scalars.isEmpty() ? null : scalars;
    } else if (value instanceof Integer number) {
      return number.longValue();
    } else if (Metadata.isScalar(value)) {
      return value;
    }
    return value instanceof Number number ? number.toString() : null;
  }

  private static void name(
      String name, List<String> others, Pattern form, Map<String, Object> metadata) {
    others.stream()
        .map(metadata::get)
        .filter(Objects::nonNull)
        .map(Object::toString)
        .filter(value -> form.matcher(value).matches())
        .findFirst()
        .ifPresent(value -> metadata.putIfAbsent(name, value));
  }

  private static final class Fields {
    private final Map<String, Object> metadata = new TreeMap<>();
    private final List<String> leftOut = new ArrayList<>();
    private int bytes;

    void add(String prefix, Map<?, ?> entries) {
      for (Map.Entry<?, ?> entry : entries.entrySet()) {
        String name = prefix + entry.getKey().toString().replaceAll("[^A-Za-z0-9_]", "_");
        if (entry.getValue() instanceof Map<?, ?> map) {
          add(name + "_", map);
        } else if (Metadata.isName(name) && name.chars().anyMatch(c -> c != '_')) {
          add(name, value(entry.getValue()));
        }
      }
    }

    private void add(String name, Object value) {
      int size = String.valueOf(value).getBytes(StandardCharsets.UTF_8).length;
      if (size > VALUE_BYTES || bytes + size > ALL_BYTES) {
        leftOut.add(name);
      } else if (value != null) {
        bytes += size + name.length();
        metadata.put(name, value);
      }
    }

    List<Warning> warnings() {
      return leftOut.isEmpty()
          ? List.of()
          : List.of(
              new Warning(
                  "has metadata that is too long: %d fields, the first of them %s, were left out"
                      .formatted(leftOut.size(), leftOut.get(0)),
                  false));
    }
  }
}
