package org.llmroutes.turn;

import io.nats.client.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.llmroutes.config.Settings;
import org.llmroutes.contract.Schemas;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.http.Deadline;
import org.llmroutes.msgpack.MsgpackCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the turn of a decoded request: claims it for its user, validates it, applies the schema's
 * defaults. The body becomes the complete request. A copy of a request that is answered gets the
 * stored answer again; one that is in work is dropped, since the message in work will be answered.
 */
public class AcceptRequest extends TurnProcessor {
  private static final Logger LOG = LoggerFactory.getLogger(AcceptRequest.class);
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private String schema;
  private String responses;

  /** Name of the schema in config/schemas, for instance {@code chat-request}. */
  public void setSchema(String schema) {
    this.schema = schema;
  }

  /**
   * Subject of final responses without the request id; chunks go to {@code
   * {responses}.stream.{request_id}}.
   */
  public void setResponses(String responses) {
    this.responses = responses;
  }

  @Override
  public void process(Exchange exchange) throws Exception {
    if (!(exchange.getMessage().getBody() instanceof Map<?, ?> body)) {
      throw new TurnException(ErrorCode.INVALID_MESSAGE, "The message must be a MessagePack map");
    }
    @SuppressWarnings("unchecked") // the msgpack data format refuses keys that are not strings
    Map<String, Object> request = (Map<String, Object>) body;
    String userId = userOf(exchange.getMessage().getHeader("NatsSubject", String.class));
    String requestId =
        token(request.get("request_id"))
            .orElseThrow(
                () ->
                    new TurnException(
                        ErrorCode.INVALID_MESSAGE,
                        "request_id: must be 1 to 128 of A-Z a-z 0-9 _ -"));
    long message = exchange.getMessage().getHeader("NatsStreamSequence", Long.class);
    Claim claim =
        service(TurnLedger.class).claim(responses.split("\\.")[1], requestId, userId, message);
    switch (claim.kind()) {
      case FOREIGN ->
          throw new TurnException(ErrorCode.REJECTED, "request_id belongs to another user");
      case DUPLICATE -> drop(exchange, requestId);
      case OURS -> open(exchange, request, requestId, userId, claim);
    }
  }

  private void open(
      Exchange exchange, Map<String, Object> request, String requestId, String userId, Claim claim)
      throws Exception {
    boolean streaming = !Boolean.FALSE.equals(request.get("enable_streaming"));
    MsgpackCodec codec = service(MsgpackCodec.class);
    ResponseStream stream =
        new ResponseStream(
            service(Connection.class).jetStream(),
            codec,
            responses + ".stream." + requestId,
            requestId,
            claim.attempt(),
            streaming);
    Instant arrived = exchange.getMessage().getHeader("NatsTimestamp", Instant.class);
    Turn turn =
        new Turn(
            requestId, userId, claim, responses + "." + requestId, stream, arrived.toEpochMilli());
    turn.bind(exchange);
    token(request.get("session_id")).ifPresent(turn::sessionId);
    if (claim.answer() != null) {
      turn.answer(codec.decodeMap(claim.answer()));
    } else if (Boolean.TRUE.equals(exchange.getMessage().getHeader("NatsDeliveriesExhausted"))) {
      throw new TurnException(
          ErrorCode.INTERNAL, "The request could not be worked on; every delivery of it failed");
    }
    validate(request, userId);
    exchange.getMessage().setBody(service(Schemas.class).withDefaults(schema, request));
    exchange.setVariable("request", exchange.getMessage().getBody());
    turn.deadline(Deadline.in(timeout(request)));
    if (claim.answer() == null) {
      stream.start();
    }
  }

  private Duration timeout(Map<String, Object> request) {
    Settings settings = service(Settings.class);
    Duration most = settings.getDuration("turn.timeout.maximum");
    if (request.get("timeout_ms") instanceof Number wanted) {
      Duration asked = Duration.ofMillis(wanted.longValue());
      return asked.compareTo(most) < 0 ? asked : most;
    }
    return settings.getDuration("turn.timeout.default");
  }

  private void validate(Map<String, Object> request, String userId) {
    Object claimed = request.get("user_id");
    if (claimed != null && !claimed.equals(userId)) {
      throw new TurnException(ErrorCode.USER_MISMATCH, "user_id is not the user of the subject");
    }
    List<String> violations = service(Schemas.class).violations(schema, request);
    if (!violations.isEmpty()) {
      throw new TurnException(ErrorCode.INVALID_MESSAGE, String.join("; ", violations));
    }
  }

  private void drop(Exchange exchange, String requestId) throws Exception {
    boolean repeated = service(Responses.class).repeat(responses + "." + requestId);
    LOG.atInfo()
        .addKeyValue("request_id", requestId)
        .addKeyValue("repeated", repeated)
        .log("duplicate request not worked on again");
    exchange.setRouteStop(true);
  }

  private static String userOf(String subject) {
    String[] tokens = subject.split("\\.");
    return token(tokens.length > 3 ? tokens[3] : null)
        .orElseThrow(
            () ->
                new TurnException(
                    ErrorCode.INVALID_MESSAGE,
                    "The subject's user must be 1 to 128 of A-Z a-z 0-9 _ -"));
  }

  private static Optional<String> token(Object value) {
    return value instanceof String text && TOKEN.matcher(text).matches()
        ? Optional.of(text)
        : Optional.empty();
  }
}
