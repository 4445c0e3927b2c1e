package org.llmroutes.turn;

import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.http.Deadline;
import org.llmroutes.jetstream.JetStreamConstants;
import org.llmroutes.nats.UserSubjects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the turn of a decoded request: claims it for its user, validates it, applies the schema's
 * defaults. The body becomes the complete request. A copy of a request that is answered gets the
 * stored answer again; one that is in work is dropped, since the message in work will be answered.
 */
public class AcceptRequest extends Acceptance {
  private static final Logger LOG = LoggerFactory.getLogger(AcceptRequest.class);

  private String schema;
  private int attempts;

  /** Name of the schema in config/schemas, for instance {@code chat-request}. */
  public void setSchema(String schema) {
    this.schema = schema;
  }

  /** How often work on a request is begun before it is given up. */
  public void setAttempts(int attempts) {
    this.attempts = attempts;
  }

  @Override
  public void process(Exchange exchange) throws Exception {
    Map<String, Object> body = fields(exchange);
    Optional<Turn> turn = service(TurnOpening.class).open(exchange, body);
    if (turn.isPresent()) {
      accept(exchange, turn.get(), body);
    } else {
      drop(exchange, (String) body.get("request_id"));
    }
  }

  private void accept(Exchange exchange, Turn turn, Map<String, Object> request) {
    tellRedelivery(turn);
    exchange
        .getMessage()
        .setHeader(JetStreamConstants.LAST_DELIVERY, turn.claim().begun() >= attempts);
    if (turn.answer().isEmpty() && turn.claim().begun() > attempts) {
      throw new TurnException(
          ErrorCode.INTERNAL,
          "The request could not be worked on; every try of it ended without an outcome");
    }
    if (turn.answer().isPresent()) {
      requireGood(turn.answer().get());
      turn.stream().repeat(turn.answer().get());
    }
    Map<String, Object> complete = valid(exchange, turn, request);
    exchange.getMessage().setBody(complete);
    exchange.setVariable("request", complete);
    turn.deadline(Deadline.in(service(TurnTimeouts.class).of(complete.get("timeout_ms"))));
    service(TurnsInWork.class).begin(exchange, turn);
    if (turn.answer().isEmpty()) {
      turn.stream().start();
    }
  }

  private static void tellRedelivery(Turn turn) {
    if (turn.claim().begun() > 1) {
      LOG.atInfo()
          .addKeyValue("request_id", turn.requestId())
          .addKeyValue("begun", turn.claim().begun())
          .addKeyValue("answered", turn.answer().isPresent())
          .log("request taken up again");
    }
  }

  /** A recorded refusal is refused again, in the same words. */
  private static void requireGood(Map<String, Object> answer) {
    if (answer.get("error") instanceof Map<?, ?> error) {
      throw new TurnException(
          ErrorCode.ofWire((String) error.get("code")), (String) error.get("message"));
    }
  }

  private Map<String, Object> valid(Exchange exchange, Turn turn, Map<String, Object> request) {
    Object named = request.get("user_id");
    if (named != null && !named.equals(turn.userId())) {
      throw new TurnException(ErrorCode.USER_MISMATCH, "user_id is not the user of the subject");
    }
    return complete(schema, request);
  }

  private void drop(Exchange exchange, String requestId) throws Exception {
    String responses = exchange.getProperty(TakeIn.RESPONSES, String.class);
    String user =
        UserSubjects.userOf(
            exchange.getMessage().getHeader(JetStreamConstants.SUBJECT, String.class));
    boolean repeated = service(Responses.class).repeat(responses + "." + requestId, user);
    LOG.atInfo()
        .addKeyValue("request_id", requestId)
        .addKeyValue("repeated", repeated)
        .log("duplicate request not worked on again");
    exchange.setRouteStop(true);
  }
}
