package org.llmroutes.ingest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.llmroutes.retrieval.Readers;

/**
 * What a file says of its readers, apart from all else that it says: with other readers it is the
 * same document.
 *
 * @param readers as {@link Readers} makes them; empty where it says nothing
 * @param rest the same bytes for files that differ in their readers alone
 */
record StatedReaders(List<String> readers, byte[] rest) {

  /** Of a file whose format has no place for them. */
  static StatedReaders none(byte[] content) {
    return new StatedReaders(List.of(), content);
  }

  /**
   * @throws InvalidDocument where its front matter names readers that are none
   */
  static StatedReaders of(FrontMatter frontMatter) throws InvalidDocument {
    Map<String, Object> entries = frontMatter.entries();
    String before = entries.isEmpty() ? "" : typed(entries) + "\n";
    byte[] rest = (before + frontMatter.text()).getBytes(StandardCharsets.UTF_8);
    if (frontMatter.readers().isEmpty()) {
      return new StatedReaders(List.of(), rest);
    }
    try {
      return new StatedReaders(Readers.of(names(frontMatter.readers())), rest);
    } catch (IllegalArgumentException e) {
      throw new InvalidDocument("names no readers in its front matter: " + e.getMessage(), e);
    }
  }

  private static List<String> names(Collection<?> values) {
    List<String> names = new ArrayList<>();
    for (Object value : values) {
      if (value instanceof Collection<?> several) {
        several.forEach(name -> names.add(String.valueOf(name)));
      } else if (value instanceof String text) {
        names.addAll(Arrays.asList(text.split(",", -1)));
      } else {
        names.add(String.valueOf(value));
      }
    }
    return names;
  }

  /** In one order, and with types, since {@code 3} and {@code "3"} make other metadata. */
  private static String typed(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, String> sorted = new TreeMap<>();
      map.forEach((name, entry) -> sorted.put(String.valueOf(name), typed(entry)));
      return sorted.toString();
    } else if (value instanceof List<?> list) {
      return list.stream().map(StatedReaders::typed).toList().toString();
    }
    return value == null ? "null" : value.getClass().getName() + value;
  }
}
