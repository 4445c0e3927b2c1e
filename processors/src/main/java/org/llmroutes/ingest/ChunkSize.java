package org.llmroutes.ingest;

import org.llmroutes.llm.TokenEstimate;
import org.llmroutes.retrieval.EncoderTokens;

/**
 * How large a text is, as a part of a chunk: {@value #FULL} is the most that one should hold. That
 * is a question of how much text says one thing, and of what the embedding model takes with the
 * title before it; whichever is sooner full counts.
 */
final class ChunkSize {
  static final int FULL = 250;

  /** Of what the model takes, for the title; the rest is the text's. */
  private static final int TITLE_SHARE = 4;

  /** That a model puts around a text, and the line between title and text. */
  private static final int FRAME = 4;

  private final int modelTokens;

  private ChunkSize(int modelTokens) {
    this.modelTokens = modelTokens;
  }

  /**
   * The size of what stands below a title.
   *
   * @param inputTokens what the embedding model takes at once
   */
  static ChunkSize below(String title, int inputTokens) {
    int rest = inputTokens - FRAME - EncoderTokens.of(embedded(title, inputTokens));
    return new ChunkSize(Math.max(1, rest));
  }

  /** As much of a title as is embedded before each text below it. */
  static String embedded(String title, int inputTokens) {
    return EncoderTokens.cut(title, inputTokens / TITLE_SHARE);
  }

  int of(String text) {
    long encoder = (long) EncoderTokens.of(text) * FULL;
    return Math.max(TokenEstimate.of(text), (int) ((encoder + modelTokens - 1) / modelTokens));
  }

  /** The longest beginning of the text that is at most so large, at least its first character. */
  String cut(String text, int size) {
    String part =
        EncoderTokens.cut(TokenEstimate.cut(text, size), (int) ((long) size * modelTokens / FULL));
    return part.isEmpty() && !text.isEmpty()
        ? text.substring(0, text.offsetByCodePoints(0, 1))
        : part;
  }

  /** Characters that a text of that size has at most. */
  static int characters(int size) {
    // four to a token of the one estimate, and two to a code point
    return size * 8;
  }
}
