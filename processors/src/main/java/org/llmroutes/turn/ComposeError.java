package org.llmroutes.turn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.llmroutes.errors.TurnException;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.msgpack.TopLevelFields;

/**
 * Makes the error response of a turn that failed and records it, so that a redelivery repeats it;
 * the text so far, if there is any, goes with it. The body becomes the response, or null where it
 * is stored already, or the request cannot be attributed and there is nobody to answer.
 */
public class ComposeError extends TurnProcessor {
  private static final Set<String> ATTRIBUTION =
      Set.of("request_id", "session_id", "enable_streaming");

  @Override
  public void process(Exchange exchange) throws Exception {
    Optional<Turn> turn = Turn.find(exchange).or(() -> attributed(exchange));
    exchange
        .getMessage()
        .setBody(turn.isPresent() ? owed(exchange, turn.get()).orElse(null) : null);
  }

  private Optional<Map<String, Object>> owed(Exchange exchange, Turn turn) throws Exception {
    Optional<Map<String, Object>> recorded = turn.answer();
    if (recorded.isEmpty()) {
      Map<String, Object> answer = compose(turn, Failure.of(exchange));
      turn.record(answer, service(MsgpackCodec.class).encode(answer));
      return Optional.of(answer);
    } else if (service(Responses.class).isStored(turn.responseSubject(), turn.responseId())) {
      return Optional.empty();
    }
    if (!turn.stream().begun()) {
      turn.stream().repeat(recorded.get());
    }
    return recorded;
  }

  /** A request that could not be decoded as a whole may still say whose it is. */
  private Optional<Turn> attributed(Exchange exchange) {
    byte[] payload = exchange.getProperty(DeadLetter.ORIGINAL, byte[].class);
    try {
      Optional<Turn> turn =
          service(TurnOpening.class).open(exchange, TopLevelFields.read(payload, ATTRIBUTION));
      turn.filter(opened -> opened.answer().isEmpty()).ifPresent(opened -> opened.stream().start());
      return turn;
    } catch (TurnException e) {
      return Optional.empty();
    } catch (Exception e) {
      throw new IllegalStateException("The request cannot be claimed", e);
    }
  }

  private static Map<String, Object> compose(Turn turn, Failure failure) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("request_id", turn.requestId());
    answer.put("user_id", turn.userId());
    answer.put("session_id", turn.sessionId());
    answer.put("success", false);
    turn.textSoFar().ifPresent(text -> answer.put("response", text));
    answer.put("error", failure.wire());
    return answer;
  }
}
