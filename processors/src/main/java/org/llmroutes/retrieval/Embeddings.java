package org.llmroutes.retrieval;

import java.util.List;
import org.llmroutes.http.Deadline;

/** Turns text into L2-normalised vectors. Implementations are safe for concurrent use. */
public interface Embeddings {

  /**
   * @param texts passages as they are; no instruction is added
   * @return one unit vector a text, in the same order
   * @throws org.llmroutes.errors.StepException step {@code embed}: unavailable, timeout or rejected
   */
  List<float[]> embedPassages(List<String> texts, Deadline deadline);

  /** What one passage may have, as {@link EncoderTokens} estimates it. */
  int passageTokens(Deadline deadline);

  /** One question; the model's query instruction is put before it where the model wants one. */
  float[] embedQuery(String question, Deadline deadline);

  /** What the vectors are, as of the last minute: a server may get another model at any time. */
  EmbeddingSpace space(Deadline deadline);
}
