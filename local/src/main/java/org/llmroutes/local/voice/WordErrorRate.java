package org.llmroutes.local.voice;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How well a transcription is: the least number of words to insert, delete or replace, over the
 * number of words that were said, of all sentences together. Case and punctuation do not count; a
 * number up to twelve is the same in digits and in letters.
 */
public final class WordErrorRate {
  private static final List<String> NUMBERS =
      List.of(
          "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
          "eleven", "twelve");

  private int errors;
  private int words;

  /** Takes one sentence into account. */
  public void add(String said, String heard) {
    List<String> expected = words(said);
    errors += distance(expected, words(heard));
    words += expected.size();
  }

  /** Errors for each word said; 0 is perfect. */
  public double value() {
    return (double) errors / words;
  }

  private static List<String> words(String text) {
    String plain = text.toLowerCase(Locale.ROOT).replaceAll("['’]", "");
    return Arrays.stream(plain.split("[^\\p{L}\\p{N}]+"))
        .filter(word -> !word.isEmpty())
        .map(word -> NUMBERS.contains(word) ? Integer.toString(NUMBERS.indexOf(word)) : word)
        .toList();
  }

  /** Levenshtein's, by words. */
  private static int distance(List<String> said, List<String> heard) {
    int[] row = IntStream.rangeClosed(0, heard.size()).toArray();
    for (int i = 1; i <= said.size(); i++) {
      int[] next = new int[row.length];
      next[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = row[j - 1] + (said.get(i - 1).equals(heard.get(j - 1)) ? 0 : 1);
        next[j] = Math.min(replaced, 1 + Math.min(row[j], next[j - 1]));
      }
      row = next;
    }
    return row[heard.size()];
  }
}
