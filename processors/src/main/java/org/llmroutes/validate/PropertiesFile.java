package org.llmroutes.validate;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
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
    for (String line : text.split("\\R", -1)) {
      number++;
      entry.append(line).append('\n');
      if (line.matches(".*[^\\\\](\\\\\\\\)*\\\\") && !line.strip().matches("[#!].*")) {
        continue; // goes on in the next line
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
