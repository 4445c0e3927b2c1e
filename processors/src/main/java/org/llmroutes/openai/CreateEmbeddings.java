package org.llmroutes.openai;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.gateway.HttpProblem;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.Refusal;
import org.llmroutes.retrieval.EmbeddingSpace;
import org.llmroutes.retrieval.Embeddings;
import org.llmroutes.retrieval.EncoderTokens;

/**
 * Texts as vectors of length 1, in the form of the OpenAI API. Texts are embedded as they are; the
 * model is always the one that the platform has, and the answer names it. {@code usage} is an
 * estimate, since not every service counts.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/embeddings">Embeddings</a>
 */
public class CreateEmbeddings extends Call {
  private static final int MOST = 2048;

  @Override
  protected void answer(Exchange exchange, Parameters asked, Deadline deadline) {
    List<String> texts = texts(asked.any("input"));
    boolean base64 = "base64".equals(asked.choice("encoding_format", "float", "base64"));
    Embeddings embeddings = service(Embeddings.class);
    EmbeddingSpace space = embeddings.space(deadline);
    requireSize(asked, space);
    List<Map<String, Object>> data = new ArrayList<>();
    for (float[] vector : vectors(embeddings, texts, deadline)) {
      data.add(
          Map.of(
              "object",
              "embedding",
              "index",
              data.size(),
              "embedding",
              base64 ? base64(vector) : vector));
    }
    int tokens = texts.stream().mapToInt(EncoderTokens::of).sum();
    exchange
        .getMessage()
        .setBody(
            Map.of(
                "object",
                "list",
                "data",
                data,
                "model",
                space.model().isEmpty() ? asked.text("model").orElse("") : space.model(),
                "usage",
                Map.of("prompt_tokens", tokens, "total_tokens", tokens)));
  }

  private static List<String> texts(Object input) {
    List<?> given =
        input instanceof List<?> list ? list : input == null ? List.of() : List.of(input);
    if (given.isEmpty() || given.size() > MOST) {
      throw HttpProblem.ofField("input", "must be a text or a list of 1 to " + MOST + " texts");
    }
    List<String> texts = new ArrayList<>();
    for (Object entry : given) {
      if (entry instanceof Number || entry instanceof List) {
        throw HttpProblem.ofField(
            "input", "tokens are not supported, since they are another model's; send text");
      } else if (!(entry instanceof String text) || text.isBlank()) {
        throw HttpProblem.ofField("input", "each must be a text that is not empty");
      }
      texts.add((String) entry);
    }
    return texts;
  }

  private static void requireSize(Parameters asked, EmbeddingSpace space) {
    asked
        .count("dimensions")
        .filter(size -> size != space.size())
        .ifPresent(
            size -> {
              throw HttpProblem.ofField(
                  "dimensions", "vectors have " + space.size() + " here, and no other number");
            });
  }

  private static List<float[]> vectors(
      Embeddings embeddings, List<String> texts, Deadline deadline) {
    try {
      return embeddings.embedPassages(texts, deadline);
    } catch (Refusal e) {
      throw e.error().isTooLong()
          ? HttpProblem.ofField("input", "a text is longer than the model takes")
          : e;
    }
  }

  /** The numbers as 32-bit floats, lowest byte first. */
  private static String base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
