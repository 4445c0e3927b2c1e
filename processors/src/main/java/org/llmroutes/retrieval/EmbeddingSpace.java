package org.llmroutes.retrieval;

import java.util.Base64;
import java.util.Locale;

/**
 * What vectors are comparable: those of one model. Two are told apart by the model's name, by the
 * size of the vectors, and by how one text is embedded, because names are often wrong: servers take
 * any, and another model behind the same address is seldom told to their clients.
 *
 * @param model name of the model, empty where it is not known
 * @param size of the vectors
 * @param sample the beginning of the vector of one text, a signed byte a number, in Base64; empty
 *     where it is not known
 */
public record EmbeddingSpace(String model, int size, String sample) {
  /** Embedded for the sample. */
  public static final String SAMPLE_TEXT = "The quick brown fox jumps over the lazy dog.";

  private static final int SAMPLE_NUMBERS = 64;

  /** Another precision or runtime changes a vector a little, another model altogether. */
  private static final double ALIKE = 0.9;

  /**
   * @param vector of {@link #SAMPLE_TEXT}
   */
  public static EmbeddingSpace of(String model, float[] vector) {
    byte[] sample = new byte[Math.min(SAMPLE_NUMBERS, vector.length)];
    float largest = 0;
    for (int i = 0; i < sample.length; i++) {
      largest = Math.max(largest, Math.abs(vector[i]));
    }
    for (int i = 0; i < sample.length && largest > 0; i++) {
      sample[i] = (byte) Math.round(vector[i] / largest * Byte.MAX_VALUE);
    }
    return new EmbeddingSpace(model, vector.length, Base64.getEncoder().encodeToString(sample));
  }

  /** Whether vectors of the two are comparable, as far as is known. */
  public boolean isSame(EmbeddingSpace other) {
    boolean sameName =
        model.isEmpty() || other.model.isEmpty() || plain(model).equals(plain(other.model));
    return size == other.size && sameName && isAlike(other);
  }

  /** {@code BAAI/bge-m3}, {@code bge-m3:latest} and {@code bge-m3} are one model. */
  private static String plain(String name) {
    String last = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return last.endsWith(":latest") ? last.substring(0, last.lastIndexOf(':')) : last;
  }

  private boolean isAlike(EmbeddingSpace other) {
    if (sample.isEmpty() || other.sample.isEmpty()) {
      return true;
    }
    byte[] mine = Base64.getDecoder().decode(sample);
    byte[] others = Base64.getDecoder().decode(other.sample);
    double product = 0;
    double squares = 0;
    double otherSquares = 0;
    for (int i = 0; i < Math.min(mine.length, others.length); i++) {
      product += mine[i] * others[i];
      squares += mine[i] * mine[i];
      otherSquares += others[i] * others[i];
    }
    return product >= ALIKE * Math.sqrt(squares * otherSquares);
  }

  /** For instance {@code vectors of size 384 by BAAI/bge-small-en-v1.5}. */
  @Override
  public String toString() {
    return "vectors of size %d by %s".formatted(size, model.isEmpty() ? "an unknown model" : model);
  }
}
