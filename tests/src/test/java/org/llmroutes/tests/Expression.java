package org.llmroutes.tests;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a PromQL expression speaks of, as far as its words tell. */
record Expression(Set<String> metrics, Set<String> labels) {
  private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern SELECTOR = Pattern.compile("\\{([^}]*)}");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Pattern LABEL = Pattern.compile("([A-Za-z_]\\w*)\\s*(?:=~|!~|!=|=)");
  private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*]");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_:][\\w:]*(?!\\w|\\s*\\()");
  private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool", "Inf");

  static Expression of(String text) {
    String rest = STRING.matcher(text).replaceAll("\"\"");
    Set<String> labels = new TreeSet<>();
    Matcher selector = SELECTOR.matcher(rest);
    while (selector.find()) {
      Matcher label = LABEL.matcher(selector.group(1));
      while (label.find()) {
        labels.add(label.group(1));
      }
    }
    rest = SELECTOR.matcher(rest).replaceAll(" ");
    Matcher grouping = GROUPING.matcher(rest);
    while (grouping.find()) {
      Arrays.stream(grouping.group(1).split(","))
          .map(String::strip)
          .filter(name -> !name.isEmpty())
          .forEach(labels::add);
    }
    rest = GROUPING.matcher(rest).replaceAll(" ");
    rest = RANGE.matcher(rest).replaceAll(" ");
    Set<String> metrics = new TreeSet<>();
    Matcher name = NAME.matcher(rest);
    while (name.find()) {
      boolean ofNumber = name.start() > 0 && Character.isDigit(rest.charAt(name.start() - 1));
      if (!WORDS.contains(name.group()) && !ofNumber) {
        metrics.add(name.group());
      }
    }
    return new Expression(metrics, labels);
  }
}
