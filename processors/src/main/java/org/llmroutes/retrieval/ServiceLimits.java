package org.llmroutes.retrieval;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.ServiceClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an embedding service or a reranker takes in one request: as its settings say, as it says
 * itself, or what is usual. It is asked again after a while, since another model may have taken its
 * place.
 *
 * @see <a href="https://huggingface.github.io/text-embeddings-inference/">Text Embeddings
 *     Inference, GET /info</a>
 */
final class ServiceLimits {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceLimits.class);
  private static final Duration QUICKLY = Duration.ofSeconds(2);
  private static final Duration FRESH = Duration.ofMinutes(5);

  /** The estimate of {@link EncoderTokens} may be too low. */
  private static final double SAFE = 0.8;

  private static final int USUAL_TOKENS = 512;
  private static final int USUAL_TEXTS = 32;

  private final ServiceClient client;
  private volatile Known known;

  /** What was learnt. */
  private record Known(int tokens, int texts, Deadline until) {}

  /**
   * @param client of the service's root
   */
  ServiceLimits(ServiceClient client) {
    this.client = client;
  }

  /** Estimated tokens that one text may have, with room for those that the model adds. */
  int tokens(Deadline deadline) {
    int configured = client.settings().maxInputTokens();
    return (int) ((configured > 0 ? configured : known(deadline).tokens()) * SAFE);
  }

  /** Texts in one request. */
  int texts(Deadline deadline) {
    return known(deadline).texts();
  }

  private Known known(Deadline deadline) {
    Known last = known;
    if (last == null || last.until().passed()) {
      last = learn(deadline);
      known = last;
    }
    return last;
  }

  private Known learn(Deadline deadline) {
    int tokens = USUAL_TOKENS;
    int texts = USUAL_TEXTS;
    try {
      JsonNode info = client.probe("/info", Deadline.in(deadline.within(QUICKLY)));
      tokens = positive(info.path("max_input_length").asInt(), USUAL_TOKENS);
      texts = Math.min(USUAL_TEXTS, positive(info.path("max_client_batch_size").asInt(), texts));
    } catch (StepException e) {
      LOG.debug("{} does not say what it takes", client.settings(), e);
    }
    return new Known(tokens, texts, Deadline.in(FRESH));
  }

  private static int positive(int told, int usual) {
    return told > 0 ? told : usual;
  }
}
