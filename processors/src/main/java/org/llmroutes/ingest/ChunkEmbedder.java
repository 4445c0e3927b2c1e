package org.llmroutes.ingest;

import java.util.List;
import java.util.concurrent.CancellationException;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.progress.Progress;
import org.llmroutes.retrieval.Embeddings;

/**
 * Embeds chunks, and finds out which of them the service cannot embed: a batch that fails is asked
 * again by halves, down to single chunks; one that fails alone is cut smaller. Where a harmless
 * word fails as well it is the service that fails, and the ingestion ends.
 */
final class ChunkEmbedder {
  private static final int BATCH = 32;
  private static final String HARMLESS = "size";

  /** Below so many characters, a text that is refused is not cut again. */
  private static final int SHORTEST = 100;

  private final Embeddings embeddings;
  private final Chunker chunker;
  private final Progress progress;
  private final int dimension;

  /** Texts that the service takes at once; found out where it takes few. */
  private int atOnce = BATCH;

  /**
   * @param dimension numbers that a vector has
   */
  ChunkEmbedder(Embeddings embeddings, int dimension, Chunker chunker, Progress progress) {
    this.embeddings = embeddings;
    this.dimension = dimension;
    this.chunker = chunker;
    this.progress = progress;
  }

  /** Told what became of each chunk, in their order. */
  interface Outcome {
    /**
     * @param part the chunk, or a piece of it
     */
    void embedded(int index, Chunk part, float[] vector);

    void refused(int index, Chunk part, StepException why);
  }

  /**
   * @throws StepException where the service fails
   * @throws CancellationException where the work was cancelled before its end
   */
  void embed(List<Chunk> chunks, Outcome outcome) {
    for (int from = 0; from < chunks.size(); ) {
      int to = Math.min(chunks.size(), from + atOnce);
      atOnce = Math.max(atOnce(chunks, from, to, outcome), 1);
      from = to;
    }
  }

  /**
   * @return how many to ask at once from now on: fewer where that alone made the difference
   */
  private int atOnce(List<Chunk> chunks, int from, int to, Outcome outcome) {
    Attempt attempt = new Attempt(outcome);
    attempt.several(chunks, from, to);
    return attempt.refused || attempt.largest >= to - from ? atOnce : attempt.largest;
  }

  private final class Attempt {
    private final Outcome outcome;
    private boolean refused;
    private int largest;

    Attempt(Outcome outcome) {
      this.outcome = outcome;
    }

    void several(List<Chunk> chunks, int from, int to) {
      List<float[]> vectors;
      try {
        vectors = ask(chunks.subList(from, to).stream().map(Chunk::embedded).toList());
      } catch (StepException e) {
        requireService(e);
        if (to - from > 1) {
          int middle = (from + to) >>> 1;
          several(chunks, from, middle);
          several(chunks, middle, to);
        } else {
          refused = true;
          smaller(from, chunks.get(from), e);
        }
        return;
      }
      largest = Math.max(largest, vectors.size());
      for (int i = from; i < to; i++) {
        outcome.embedded(i, chunks.get(i), vectors.get(i - from));
      }
    }

    private void smaller(int index, Chunk chunk, StepException why) {
      List<Chunk> halves =
          chunk.body().length() < SHORTEST ? List.of(chunk) : chunker.halves(chunk);
      if (halves.size() < 2) {
        outcome.refused(index, chunk, why);
        return;
      }
      for (Chunk half : halves) {
        float[] vector;
        try {
          vector = ask(List.of(half.embedded())).get(0);
        } catch (StepException e) {
          requireService(e);
          smaller(index, half, e);
          continue;
        }
        outcome.embedded(index, half, vector);
      }
    }
  }

  private List<float[]> ask(List<String> texts) {
    if (progress.cancelled()) {
      throw new CancellationException();
    }
    List<float[]> vectors = embeddings.embedPassages(texts, Deadline.never());
    for (float[] vector : vectors) {
      if (vector.length != dimension) {
        throw new StepException(
            "embed",
            ErrorCode.UNAVAILABLE,
            "embeddings gave a vector of %d numbers, not %d".formatted(vector.length, dimension),
            null);
      }
    }
    return vectors;
  }

  private void requireService(StepException failure) {
    if (failure.code() == ErrorCode.INTERNAL) {
      throw failure;
    }
    try {
      ask(List.of(HARMLESS));
    } catch (StepException e) {
      failure.addSuppressed(e);
      throw failure;
    }
  }
}
