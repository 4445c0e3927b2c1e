package org.llmroutes.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.ErrorAnswer;
import org.llmroutes.http.EventStream;
import org.llmroutes.http.ServiceClient;

/**
 * Reads one answer of a model, in pieces or in one, and hands out what it says: pieces that have
 * arrived together as one, a lone one at once. Its text without the thoughts is all that counts as
 * handed out.
 */
final class AnswerReader implements GenerationListener {
  private final ServiceClient client;
  private final GenerationListener listener;
  private final ThoughtSplitter splitter;
  private final StringBuilder arrivedText = new StringBuilder();
  private final StringBuilder arrivedThought = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private final long start = System.nanoTime();
  private long firstToken = -1;
  private boolean isChat;
  private boolean inPieces;
  private String halfCharacter = "";
  private String model = "";
  private FinishReason end;
  private JsonNode usage;

  AnswerReader(ServiceClient client, Thinking thinking, GenerationListener listener) {
    this.client = client;
    this.listener = listener;
    this.splitter = new ThoughtSplitter(thinking, this);
  }

  /** Reads events to the end of the stream. */
  Answer read(EventStream events) {
    for (Optional<JsonNode> event = events.next(); event.isPresent(); event = events.next()) {
      take(event.get());
      if (end != null) {
        events.ending();
      }
      if (end != null || !events.hasMore()) {
        handOut();
      }
    }
    if (end == null && (events.isDone() || !isChat)) {
      // some proxies say no more than that, and LM Studio nothing at all where the prompt is too
      // long
      end = FinishReason.STOP;
    }
    return ended();
  }

  /** Reads an answer that came in one. */
  Answer read(JsonNode answer) {
    take(answer);
    if (end == null) {
      throw client.unexpected("no message");
    }
    return ended();
  }

  /** Whether a piece of the answer was handed out. */
  boolean hasBegun() {
    return !text.isEmpty();
  }

  private void take(JsonNode event) {
    Optional<ErrorAnswer> error = ErrorAnswer.in(event);
    if (error.isPresent() && end == null) {
      handOut();
      throw client.refused(error.get());
    }
    model = event.path("model").asText(model);
    usage = event.hasNonNull("usage") ? event.path("usage") : usage;
    JsonNode choice = event.path("choices").path(0);
    isChat |= choice.isObject();
    // Perplexity's pieces have all that was said so far beside them, other streams end with it
    boolean whole = choice.path("message").isObject() && !choice.path("delta").isObject();
    JsonNode said = choice.path(whole && !inPieces ? "message" : "delta");
    inPieces |= said.isObject();
    String thought = MessageParts.thoughts(said);
    if (!thought.isEmpty()) {
      handOutText();
      arrivedThought.append(thought);
    }
    String piece = wholeCharacters(MessageParts.text(said));
    if (!piece.isEmpty()) {
      handOutThought();
      arrivedText.append(piece);
    }
    end = FinishReason.of(choice).orElse(whole ? FinishReason.STOP : end);
  }

  /** One of the two is empty always, so that their order stays. */
  private void handOut() {
    handOutThought();
    handOutText();
  }

  private void handOutThought() {
    if (!arrivedThought.isEmpty()) {
      splitter.thought(taken(arrivedThought));
    }
  }

  private void handOutText() {
    if (!arrivedText.isEmpty()) {
      splitter.text(taken(arrivedText));
    }
  }

  private static String taken(StringBuilder arrived) {
    String all = arrived.toString();
    arrived.setLength(0);
    return all;
  }

  /**
   * Some servers part a character that UTF-16 writes as two; alone, neither half can be encoded.
   */
  private String wholeCharacters(String piece) {
    String all = halfCharacter + piece;
    boolean parted = !all.isEmpty() && Character.isHighSurrogate(all.charAt(all.length() - 1));
    int end = all.length() - (parted ? 1 : 0);
    halfCharacter = all.substring(end);
    return all.substring(0, end);
  }

  private Answer ended() {
    handOut();
    if (end == null) {
      throw client.failure("ended its stream before the answer", null);
    } else if (end == FinishReason.BROKEN) {
      throw client.failure("gave up in the middle of the answer", null);
    }
    splitter.end(end == FinishReason.LENGTH);
    Completion completion =
        new Completion(
            text.toString(),
            model,
            end.wire(),
            usage == null ? -1 : usage.path("prompt_tokens").asInt(-1),
            usage == null ? -1 : usage.path("completion_tokens").asInt(-1),
            Math.max(0, firstToken) / 1_000_000);
    return new Answer(completion, end, splitter.hasThoughts(), splitter.thinking());
  }

  /** What a failure means to whoever may ask again: once a piece is out, only the caller may. */
  StepException told(StepException failure) {
    return hasBegun()
        ? new StepException(failure.step(), failure.code(), failure.getMessage(), failure)
        : ModelRefusal.understood(failure);
  }

  @Override
  public void token(String piece) {
    firstToken = firstToken < 0 ? System.nanoTime() - start : firstToken;
    text.append(piece);
    listener.token(piece);
  }

  @Override
  public void thought(String thought) {
    listener.thought(thought);
  }

  @Override
  public void begunAgain() {
    firstToken = -1;
    text.setLength(0);
    listener.begunAgain();
  }
}
