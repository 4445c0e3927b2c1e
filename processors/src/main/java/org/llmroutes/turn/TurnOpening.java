package org.llmroutes.turn;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.jetstream.JetStreamConstants;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.UserSubjects;
import org.llmroutes.telemetry.GenAi;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/** Claims requests and opens their turns. Safe for concurrent use. */
public final class TurnOpening {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private final Connection connection;
  private final TurnLedger ledger;
  private final MsgpackCodec codec;
  private volatile JetStream jetStream;

  public TurnOpening(Connection connection, TurnLedger ledger, MsgpackCodec codec) {
    this.connection = connection;
    this.ledger = ledger;
    this.codec = codec;
  }

  /**
   * Claims the request and, where it is ours, binds its turn to the exchange.
   *
   * @param fields of the request, as far as they can be read
   * @return the turn, or empty where another message with the same request id is or was answered
   * @throws TurnException where user or request id are unusable, or the id belongs to another user
   */
  Optional<Turn> open(Exchange exchange, Map<?, ?> fields)
      throws IOException, JetStreamApiException {
    Message message = exchange.getMessage();
    String userId = userOf(message.getHeader(JetStreamConstants.SUBJECT, String.class));
    String requestId =
        token(fields.get("request_id"))
            .orElseThrow(
                () ->
                    new TurnException(
                        ErrorCode.INVALID_MESSAGE,
                        "request_id: must be 1 to 128 of A-Z a-z 0-9 _ -"));
    String owner =
        message.getHeader(JetStreamConstants.STREAM, String.class)
            + "/"
            + message.getHeader(JetStreamConstants.STREAM_SEQUENCE, String.class);
    String response = exchange.getProperty(TakeIn.RESPONSES, String.class) + "." + requestId;
    Span span = Tracing.current().root();
    span.request(requestId);
    span.set(Names.USER_ID, userId);
    Optional<Claim> claim = ledger.claim(requestId, userId, owner, response);
    return claim.isEmpty() ? Optional.empty() : Optional.of(open(exchange, fields, claim.get()));
  }

  private Turn open(Exchange exchange, Map<?, ?> fields, Claim claim) throws IOException {
    String responses = exchange.getProperty(TakeIn.RESPONSES, String.class);
    ResponseStream stream =
        new ResponseStream(
            connection,
            jetStream(),
            codec,
            responses + ".stream.",
            claim,
            !Boolean.FALSE.equals(fields.get("enable_streaming")));
    Instant arrived = exchange.getMessage().getHeader(JetStreamConstants.TIMESTAMP, Instant.class);
    Turn turn =
        new Turn(
            claim, ledger, responses + "." + claim.requestId(), stream, arrived.toEpochMilli());
    token(fields.get("session_id")).ifPresent(turn::sessionId);
    Tracing.current().root().set(GenAi.CONVERSATION_ID, turn.sessionId());
    if (claim.answer() != null) {
      turn.answer(codec.decodeMap(claim.answer()));
    }
    turn.bind(exchange);
    return turn;
  }

  /** It can be had once there was a server. */
  private JetStream jetStream() throws IOException {
    if (jetStream == null) {
      jetStream = connection.jetStream();
    }
    return jetStream;
  }

  /** Whether a text is an id that can be a subject token of the contract. */
  public static boolean isToken(String text) {
    return TOKEN.matcher(text).matches();
  }

  private static String userOf(String subject) {
    return token(UserSubjects.userOf(subject))
        .orElseThrow(
            () ->
                new TurnException(
                    ErrorCode.INVALID_MESSAGE,
                    "The subject's user must be 1 to 128 of A-Z a-z 0-9 _ -"));
  }

  /** The value where it is such an id. */
  public static Optional<String> token(Object value) {
    return value instanceof String text && isToken(text) ? Optional.of(text) : Optional.empty();
  }
}
