package org.llmroutes.validate;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Camel's property placeholders in a text. */
final class Placeholders {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[?!]?([^{}:]+)(:[^{}]*)?}}");

  private Placeholders() {}

  /** The names that must have a value: those without a default. */
  static Set<String> required(String text) {
    return names(text, true);
  }

  /** All names. */
  static Set<String> all(String text) {
    return names(text, false);
  }

  private static Set<String> names(String text, boolean withoutDefault) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = PLACEHOLDER.matcher(text);
    while (matcher.find()) {
      if (!withoutDefault || matcher.group(2) == null) {
        names.add(matcher.group(1).strip());
      }
    }
    return names;
  }
}
