package org.llmroutes.validate;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Reads {@code application.properties} entry by entry; a key that is there twice is a mistake. */
final class PropertiesFile {

  /**
   * @param line on which it ends
   */
  record Entry(String value, int line) {}

  private PropertiesFile() {}

  /** The entries by key, in their order. */
  static Map<String, Entry> read(String name, String text, Mistakes mistakes) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    StringBuilder entry = new StringBuilder();
    int number = 0;
    List<String> lines = text.lines().toList();
    for (String line : lines) {
      number++;
      if (entry.isEmpty() && (line.isBlank() || isComment(line))) {
        continue;
      }
      entry.append(line).append('\n');
      if (goesOn(line) && number < lines.size()) {
        continue;
      }
      Properties properties = parsed(entry.toString());
      for (String key : properties.stringPropertyNames()) {
        Entry next = new Entry(properties.getProperty(key).strip(), number);
        Entry first = entries.putIfAbsent(key, next);
        if (first != null) {
          mistakes.add(name, number, key + " is set in line " + first.line() + " already");
        }
      }
      entry.setLength(0);
    }
    return entries;
  }

  /** Whether its entry goes on in the next line. */
  private static boolean goesOn(String line) {
    int end = line.length();
    while (end > 0 && line.charAt(end - 1) == '\\') {
      end--;
    }
    return (line.length() - end) % 2 == 1;
  }

  private static boolean isComment(String line) {
    String start = line.stripLeading();
    return start.startsWith("#") || start.startsWith("!");
  }

  private static Properties parsed(String entry) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(entry));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
