package org.llmroutes.validate;

import java.util.Comparator;

/**
 * One mistake in a file of the project.
 *
 * @param file relative to the project's home, with {@code /}
 * @param line from 1, or 0 where the file has no lines, as the environment
 * @param message what is wrong, and what would be right
 */
public record Mistake(String file, int line, String message) implements Comparable<Mistake> {
  private static final Comparator<Mistake> ORDER =
      Comparator.comparing(Mistake::file)
          .thenComparingInt(Mistake::line)
          .thenComparing(Mistake::message);

  @Override
  public int compareTo(Mistake other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return file + (line == 0 ? "" : ":" + line) + ": " + message;
  }
}
