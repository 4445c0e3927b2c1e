package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Takes away what stands at the edge of many pages: page numbers, and headers and footers but for
 * their first time.
 */
final class RunningLines {
  /** Lines from the top and from the bottom of a page that can be running ones. */
  private static final int EDGE = 3;

  private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");

  private final Map<String, Integer> pagesWith = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final int often;

  private RunningLines(List<List<String>> pages) {
    for (int page = 0; page < pages.size(); page++) {
      Set<String> forms = new HashSet<>();
      for (int line : edges(pages.get(page))) {
        forms.add(pages.get(page).get(line).strip());
        forms.addAll(numbered(pages.get(page).get(line), page));
      }
      forms.forEach(form -> pagesWith.merge(form, 1, Integer::sum));
    }
    this.often = Math.max(2, pages.size() / 3);
  }

  /** The pages, each its lines, without running lines. */
  static List<List<String>> removed(List<List<String>> pages) {
    RunningLines running = new RunningLines(pages);
    List<List<String>> rest = new ArrayList<>();
    for (int page = 0; page < pages.size(); page++) {
      rest.add(running.removed(pages.get(page), page));
    }
    return rest;
  }

  private List<String> removed(List<String> lines, int page) {
    List<String> rest = new ArrayList<>(lines);
    for (int line : edges(lines).descendingSet()) {
      String text = lines.get(line).strip();
      boolean repeated = isOften(text) && !seen.add(text);
      if (repeated || numbered(text, page).stream().anyMatch(this::isOften)) {
        rest.remove(line);
      }
    }
    return rest;
  }

  private boolean isOften(String form) {
    return pagesWith.getOrDefault(form, 0) >= often;
  }

  private static TreeSet<Integer> edges(List<String> lines) {
    TreeSet<Integer> edges = new TreeSet<>();
    for (int line = 0, found = 0; line < lines.size() && found < EDGE; line++) {
      if (!lines.get(line).isBlank()) {
        edges.add(line);
        found++;
      }
    }
    for (int line = lines.size() - 1, found = 0; line >= 0 && found < EDGE; line--) {
      if (!lines.get(line).isBlank()) {
        edges.add(line);
        found++;
      }
    }
    return edges;
  }

  /** The line with one of its numbers counted from the page on, so that page numbers are alike. */
  private static List<String> numbered(String line, int page) {
    String text = line.strip();
    return NUMBER.matcher(text).results().map(number -> numbered(text, number, page)).toList();
  }

  private static String numbered(String text, MatchResult number, int page) {
    int counted = Integer.parseInt(number.group()) - page;
    return text.substring(0, number.start()) + "\0" + counted + "\0" + text.substring(number.end());
  }
}
