package org.llmroutes.ingest;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Joins the lines of a paragraph, and the words that were parted at their ends. Whether a hyphen
 * belongs to the word is learnt from the words of the document.
 */
final class Hyphenation {
  private static final Pattern PARTED =
      Pattern.compile(
          "([\\p{L}\\p{M}-]*\\p{L}\\p{M}*)[-\u2010]\\h*\\n\\h*(\\p{Ll}[\\p{L}\\p{M}]*)");
  private static final Pattern WORD =
      Pattern.compile("\\p{L}[\\p{L}\\p{M}]*(?:[-\u2010]\\p{L}[\\p{L}\\p{M}]*)*");

  /** What keeps its hyphen before whatever follows it. */
  private static final Set<String> ALWAYS = Set.of("well", "self");

  /** What keeps it before a word that the document has by itself. */
  private static final Set<String> OFTEN =
      Set.of(
          "high", "low", "long", "short", "open", "real", "full", "half", "cross", "non", "one",
          "two", "three", "first", "second", "third", "left", "right", "user", "time", "end",
          "built");

  private final Set<String> words = new HashSet<>();

  Hyphenation(List<String> lines) {
    for (String line : lines) {
      String text = line.strip();
      Matcher word = WORD.matcher(text);
      while (word.find()) {
        boolean parted = word.end() == text.length() - 1 && isHyphen(text.charAt(word.end()));
        if (!parted) {
          words.add(plain(word.group()));
        }
      }
    }
  }

  /** The paragraph on one line. */
  String unwrapped(String paragraph) {
    return PARTED
        .matcher(paragraph.replaceAll("\u00ad\\h*\\n\\h*", ""))
        .replaceAll(parted -> Matcher.quoteReplacement(joined(parted)))
        .replaceAll("\\s+", " ")
        .strip();
  }

  private String joined(MatchResult parted) {
    String first = parted.group(1);
    String second = parted.group(2);
    return keepsHyphen(plain(first), plain(second)) ? first + "-" + second : first + second;
  }

  private boolean keepsHyphen(String first, String second) {
    if (words.contains(first + second)) {
      return false;
    }
    return words.contains(first + "-" + second)
        || first.contains("-")
        || ALWAYS.contains(first)
        || OFTEN.contains(first) && words.contains(second);
  }

  private static boolean isHyphen(char c) {
    return c == '-' || c == '\u2010';
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace('\u2010', '-');
  }
}
