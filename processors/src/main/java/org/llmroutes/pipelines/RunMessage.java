package org.llmroutes.pipelines;

/** What an engine says of a run, in the form in which clients read it. */
public final class RunMessage {
  private static final int LIMIT = 500;

  private RunMessage() {}

  /** The text as one line of at most 500 characters; empty for null. */
  public static String of(String text) {
    String line = text == null ? "" : text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.codePointCount(0, line.length()) <= LIMIT
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LIMIT - 1)) + "…";
  }
}
