package org.llmroutes.local.ai;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * BGE-small-en-v1.5, quantised, in this JVM: one text to the vectors of its tokens. Texts longer
 * than the model's 512 tokens are cut. Texts are run one at a time, because the quantisation of a
 * batch depends on its other members.
 */
public final class BgeModel {
  public static final String NAME = "BAAI/bge-small-en-v1.5";
  public static final int DIMENSION = 384;
  private static final int MAX_TOKENS = 512;
  private static final String INSTRUCTION =
      "Represent this sentence for searching relevant passages: ";

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final HuggingFaceTokenizer tokenizer;
  private final int instructionTokens;

  /** Loads model and tokenizer from the class path. */
  public BgeModel() {
    try (InputStream model = resource("/bge-small-en-v1.5-q.onnx");
        InputStream vocabulary = resource("/bge-small-en-v1.5-q-tokenizer.json");
        OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = environment.createSession(model.readAllBytes(), options);
      tokenizer =
          HuggingFaceTokenizer.newInstance(
              vocabulary, Map.of("padding", "false", "truncation", "false"));
      instructionTokens = tokenizer.encode(INSTRUCTION).getIds().length - 2;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OrtException e) {
      throw new IllegalStateException("The BGE model cannot be loaded", e);
    }
  }

  /** The text as one unit vector: the model's first token, as its authors pool it. */
  public float[] embed(String text) {
    return run(tokenizer.encode(text))[0];
  }

  /**
   * What the model makes of a text, as unit vectors.
   *
   * @param text as {@link #embed} has it
   * @param pieces of words or whole ones, as the tokenizer cuts them
   * @param tokens one vector a piece
   */
  record Reading(float[] text, List<String> pieces, float[][] tokens) {}

  Reading readPassage(String passage) {
    return read(passage, 0);
  }

  /** A question is read behind the instruction that the model's authors give for queries. */
  Reading readQuestion(String question) {
    return read(INSTRUCTION + question, instructionTokens);
  }

  private Reading read(String text, int skipped) {
    Encoding encoding = tokenizer.encode(text);
    float[][] vectors = run(encoding);
    int end = vectors.length - 1; // first and last vector belong to the tokens that frame the text
    int start = Math.min(1 + skipped, end);
    return new Reading(
        vectors[0],
        List.of(encoding.getTokens()).subList(start, end),
        Arrays.copyOfRange(vectors, start, end));
  }

  private float[][] run(Encoding encoding) {
    long[] ids = cut(encoding.getIds());
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 1);
    try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, new long[][] {ids});
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, new long[][] {mask});
        OnnxTensor typeTensor =
            OnnxTensor.createTensor(environment, new long[][] {new long[ids.length]});
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids",
                    idTensor,
                    "attention_mask",
                    maskTensor,
                    "token_type_ids",
                    typeTensor))) {
      float[][] vectors = ((float[][][]) result.get(0).getValue())[0];
      for (float[] vector : vectors) {
        normalise(vector);
      }
      return vectors;
    } catch (OrtException e) {
      throw new IllegalStateException("The BGE model failed", e);
    }
  }

  private static long[] cut(long[] ids) {
    if (ids.length <= MAX_TOKENS) {
      return ids;
    }
    long[] shortened = Arrays.copyOf(ids, MAX_TOKENS);
    shortened[MAX_TOKENS - 1] = ids[ids.length - 1];
    return shortened;
  }

  private static void normalise(float[] vector) {
    double sum = 0;
    for (float x : vector) {
      sum += (double) x * x;
    }
    float norm = (float) Math.sqrt(sum);
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= norm;
    }
  }

  private static InputStream resource(String name) {
    InputStream stream = BgeModel.class.getResourceAsStream(name);
    if (stream == null) {
      throw new IllegalStateException("No " + name + " on the class path");
    }
    return stream;
  }
}
