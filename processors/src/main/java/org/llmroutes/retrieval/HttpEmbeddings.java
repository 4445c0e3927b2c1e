package org.llmroutes.retrieval;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.FoundPath;
import org.llmroutes.http.Refusal;
import org.llmroutes.http.ServiceClient;
import org.llmroutes.telemetry.GenAi;
import org.llmroutes.telemetry.Span;

/**
 * An embedding service over HTTP. What its protocol asks and answers is left to one subclass each.
 */
public abstract class HttpEmbeddings implements Embeddings {
  /** How often a question that is still too long is halved. */
  private static final int HALVINGS = 2;

  private static final Pattern WANTS_INSTRUCTION =
      Pattern.compile("bge-\\w+-en-v1\\.5", Pattern.CASE_INSENSITIVE);

  /** The instruction that the BGE authors give for queries of the v1.5 English models. */
  private static final String INSTRUCTION =
      "Represent this sentence for searching relevant passages: ";

  private static final long FRESH_NANOS = Duration.ofMinutes(1).toNanos();

  private final ServiceClient client;
  private final ServiceLimits limits;
  private volatile Known known;

  private record Known(EmbeddingSpace space, long since) {}

  protected HttpEmbeddings(ServiceSettings settings) {
    this.client = new ServiceClient(settings.withoutVersion(), "embed");
    this.limits = new ServiceLimits(client);
  }

  /** The client of the protocol that the settings name. */
  public static Embeddings of(ServiceSettings settings) {
    return switch (settings.protocol()) {
      case "openai" -> new OpenAiEmbeddings(settings);
      case "tei" -> new TeiEmbeddings(settings);
      case "kserve-v2" -> new KserveEmbeddings(settings);
      default ->
          throw new IllegalArgumentException("No embeddings protocol " + settings.protocol());
    };
  }

  /** Vectors as the service gives them, in the order of the texts. */
  protected abstract List<float[]> embed(
      ServiceClient service, List<String> texts, Deadline deadline);

  @Override
  public final List<float[]> embedPassages(List<String> texts, Deadline deadline) {
    List<float[]> vectors = new ArrayList<>(texts.size());
    int most = texts.size() > 1 ? limits.texts(deadline) : 1;
    for (int from = 0; from < texts.size(); from += most) {
      List<String> batch = texts.subList(from, Math.min(texts.size(), from + most));
      List<float[]> answer = traced(batch, deadline);
      if (answer.size() != batch.size()) {
        throw client.unexpected(answer.size() + " vectors for " + batch.size() + " texts");
      }
      answer.forEach(vector -> vectors.add(normalised(vector)));
      if (known != null && known.space().size() != answer.get(0).length) {
        known = null;
      }
    }
    return vectors;
  }

  private List<float[]> traced(List<String> batch, Deadline deadline) {
    Span span = GenAi.embeddings(model());
    try (Span.Scope ignored = span.enter()) {
      return embed(client, batch, deadline);
    } catch (RuntimeException e) {
      span.fail(e);
      throw e;
    } finally {
      span.end();
    }
  }

  @Override
  public final int passageTokens(Deadline deadline) {
    return limits.tokens(deadline);
  }

  @Override
  public final float[] embedQuery(String question, Deadline deadline) {
    boolean instruct = WANTS_INSTRUCTION.matcher(client.settings().model()).find();
    String before = instruct ? INSTRUCTION : "";
    int room = limits.tokens(deadline) - EncoderTokens.of(before);
    String text = EncoderTokens.cut(question, room);
    for (int halved = 0; ; halved++) {
      try {
        return embedPassages(List.of(before + text), deadline).get(0);
      } catch (Refusal e) {
        if (!e.error().isTooLong() || halved == HALVINGS) {
          throw e;
        }
        text = EncoderTokens.cut(text, EncoderTokens.of(text) / 2);
      }
    }
  }

  @Override
  public final EmbeddingSpace space(Deadline deadline) {
    Known last = known;
    if (last == null || System.nanoTime() - last.since() > FRESH_NANOS) {
      float[] sample = embedPassages(List.of(EmbeddingSpace.SAMPLE_TEXT), deadline).get(0);
      last = new Known(EmbeddingSpace.of(model(), sample), System.nanoTime());
      known = last;
    }
    return last.space();
  }

  /** Name of the model, empty where it is not known. */
  protected String model() {
    return client.settings().model();
  }

  /** Numbers of a JSON array as a vector. */
  protected final float[] vector(JsonNode numbers) {
    float[] vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      if (!numbers.get(i).isNumber()) {
        throw client.unexpected("a vector with something else than numbers");
      }
      vector[i] = numbers.get(i).floatValue();
    }
    return vector;
  }

  private float[] normalised(float[] vector) {
    double sum = 0;
    for (float x : vector) {
      sum += (double) x * x;
    }
    double norm = Math.sqrt(sum);
    if (!Double.isFinite(norm) || norm == 0) {
      throw client.unexpected("a vector without a length");
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= (float) norm;
    }
    return vector;
  }

  /** {@code POST /v1/embeddings}; Infinity has it without the version. */
  private static final class OpenAiEmbeddings extends HttpEmbeddings {
    private final FoundPath path;
    private volatile String reported = "";

    OpenAiEmbeddings(ServiceSettings settings) {
      super(settings);
      this.path = new FoundPath(super.client, "/v1/embeddings", "/embeddings");
    }

    @Override
    protected String model() {
      return super.model().isEmpty() ? reported : super.model();
    }

    @Override
    protected List<float[]> embed(ServiceClient service, List<String> texts, Deadline deadline) {
      Map<String, Object> body =
          Map.of("model", service.settings().model(), "input", texts, "encoding_format", "float");
      JsonNode answer = path.post(body, deadline);
      reported = answer.path("model").asText("");
      JsonNode data = answer.path("data");
      Map<Integer, float[]> byIndex = new TreeMap<>();
      List<float[]> asTheyCame = new ArrayList<>();
      for (JsonNode entry : data) {
        float[] vector = vector(entry.path("embedding"));
        byIndex.put(entry.path("index").asInt(-1), vector);
        asTheyCame.add(vector);
      }
      // some number them all 0, and have them in order
      return byIndex.size() == texts.size() ? List.copyOf(byIndex.values()) : asTheyCame;
    }
  }

  /** Text Embeddings Inference: {@code POST /embed}. */
  private static final class TeiEmbeddings extends HttpEmbeddings {
    TeiEmbeddings(ServiceSettings settings) {
      super(settings);
    }

    @Override
    protected List<float[]> embed(ServiceClient service, List<String> texts, Deadline deadline) {
      JsonNode answer = service.post("/embed", Map.of("inputs", texts, "truncate", true), deadline);
      List<float[]> vectors = new ArrayList<>();
      answer.forEach(entry -> vectors.add(vector(entry)));
      return vectors;
    }
  }

  /**
   * Open Inference Protocol v2: {@code POST /v2/models/{model}/infer}, one flat output of shape
   * [texts, size].
   */
  private static final class KserveEmbeddings extends HttpEmbeddings {
    KserveEmbeddings(ServiceSettings settings) {
      super(settings);
    }

    @Override
    protected List<float[]> embed(ServiceClient service, List<String> texts, Deadline deadline) {
      Map<String, Object> input =
          Map.of(
              "name",
              "input-0",
              "shape",
              List.of(texts.size()),
              "datatype",
              "BYTES",
              "data",
              texts);
      JsonNode answer =
          service.post(
              "/v2/models/" + service.settings().model() + "/infer",
              Map.of("inputs", List.of(input)),
              deadline);
      JsonNode output = answer.path("outputs").path(0);
      JsonNode shape = output.path("shape");
      float[] flat = vector(output.path("data"));
      if (shape.size() != 2
          || shape.get(0).asInt() != texts.size()
          || flat.length != texts.size() * shape.get(1).asInt()) {
        throw service.unexpected(
            "an output of shape " + shape + ", expected [" + texts.size() + ", size]");
      }
      int size = shape.get(1).asInt();
      List<float[]> vectors = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        vectors.add(Arrays.copyOfRange(flat, i * size, (i + 1) * size));
      }
      return vectors;
    }
  }
}
