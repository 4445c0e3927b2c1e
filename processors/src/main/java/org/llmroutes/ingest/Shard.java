package org.llmroutes.ingest;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * One of several parts into which documents are split by the hash of their names, the same on every
 * machine.
 *
 * @param number from 1 to {@code count}
 */
public record Shard(int number, int count) {
  /** Every document. */
  public static final Shard ALL = new Shard(1, 1);

  private static final Pattern FORM = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

  /**
   * @param text for instance {@code 2/4}
   * @throws IllegalArgumentException where it is not of that form
   */
  public static Shard parse(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      Shard shard = new Shard(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
      if (shard.number >= 1 && shard.number <= shard.count) {
        return shard;
      }
    }
    throw new IllegalArgumentException("A shard is its number and their count, as in 2/4");
  }

  boolean holds(String document) {
    CRC32 hash = new CRC32();
    hash.update(document.getBytes(StandardCharsets.UTF_8));
    return hash.getValue() % count == number - 1;
  }
}
