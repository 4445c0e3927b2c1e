package org.llmroutes.bench.retrieval;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The words of a text that carry meaning, to measure how literally two texts agree. */
final class Words {
  private static final Pattern BETWEEN = Pattern.compile("[^a-z0-9]+");
  private static final Set<String> STOP =
      Set.of(
          ("a an and are as at be by can for from has have if in is it not of on or set sets that the this to"
                  + " use used using when whether which will with you your")
              .split(" "));

  private Words() {}

  static Set<String> of(String text) {
    Set<String> words = new TreeSet<>();
    for (String word : BETWEEN.split(text.toLowerCase(Locale.ROOT))) {
      if (!word.isEmpty() && !STOP.contains(word)) {
        words.add(word);
      }
    }
    return words;
  }

  /** The share of the words that {@code other} has too; 0 for no words. */
  static double shared(Set<String> words, Set<String> other) {
    return words.isEmpty()
        ? 0
        : (double) words.stream().filter(other::contains).count() / words.size();
  }
}
