package org.llmroutes.validate;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** Reads {@code application.properties} entry by entry; a key that is there twice is a mistake. */
final class PropertiesFile {
  private PropertiesFile() {}

  /**
   * @return the keys
   */
  static Set<String> check(String name, String text, Mistakes mistakes) {
    Map<String, Integer> lines = new HashMap<>();
    StringBuilder entry = new StringBuilder();
    int number = 0;
    for (String line : text.split("\\R", -1)) {
      number++;
      entry.append(line).append('\n');
      if (line.matches(".*[^\\\\](\\\\\\\\)*\\\\") && !line.strip().matches("[#!].*")) {
        continue; // goes on in the next line
      }
      for (String key : keys(entry.toString())) {
        Integer first = lines.putIfAbsent(key, number);
        if (first != null) {
          mistakes.add(name, number, key + " is set in line " + first + " already");
        }
      }
      entry.setLength(0);
    }
    return lines.keySet();
  }

  private static Set<String> keys(String entry) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(entry));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.stringPropertyNames();
  }
}
