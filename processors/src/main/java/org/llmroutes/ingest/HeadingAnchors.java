package org.llmroutes.ingest;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The anchors of the headings of one Markdown document, as GitHub makes them of their words: in
 * lower case, without punctuation, hyphens for spaces, and a number for what was there before. An
 * id that the heading itself states ({@code ## Title {#id}}, as kramdown, Pandoc and Docusaurus
 * read it) is taken instead.
 */
final class HeadingAnchors {
  private static final Pattern STATED =
      Pattern.compile("\\s*\\{:?\\s*#([^\\s}]+)[^}]*}\\s*$", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern DROPPED =
      Pattern.compile("[^\\p{L}\\p{M}\\p{N}\\p{Pc}\\- ]", Pattern.UNICODE_CHARACTER_CLASS);

  private final Map<String, Integer> used = new HashMap<>();

  /** The anchor of the next heading. */
  String of(String heading) {
    Matcher stated = STATED.matcher(heading);
    if (stated.find()) {
      return stated.group(1);
    }
    String slug =
        DROPPED.matcher(heading.strip().toLowerCase(Locale.ROOT)).replaceAll("").replace(' ', '-');
    int before = used.merge(slug, 1, Integer::sum) - 1;
    String anchor = before == 0 ? slug : slug + "-" + before;
    if (before > 0) {
      used.putIfAbsent(anchor, 1);
    }
    return anchor;
  }

  /** The heading as it reads. */
  static String withoutId(String heading) {
    return STATED.matcher(heading).replaceFirst("");
  }
}
