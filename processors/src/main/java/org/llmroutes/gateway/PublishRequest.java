package org.llmroutes.gateway;

import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.llmroutes.contract.Schemas;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.identity.Identity;
import org.llmroutes.jetstream.JetStreamConstants;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.turn.TurnProcessor;

/**
 * Makes the message of the contract from the JSON in the body: its user is who the credentials say,
 * whatever the body says.
 */
public class PublishRequest extends TurnProcessor {
  private String schema;
  private String subject;

  /** Name of the schema in config/schemas, for instance {@code chat-request}. */
  public void setSchema(String schema) {
    this.schema = schema;
  }

  /** With {@code *} for the user. */
  public void setSubject(String subject) {
    this.subject = subject;
  }

  @Override
  @SuppressWarnings("unchecked") // http-turns leaves it so
  public void process(Exchange exchange) {
    Map<String, Object> request = exchange.getMessage().getBody(Map.class);
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    request.put("user_id", identity.userId());
    Schemas schemas = service(Schemas.class);
    Map<String, Object> canonical = schemas.canonical(schema, request);
    Optional<String> violation = schemas.violation(schema, canonical);
    if (violation.isPresent()) {
      throw new TurnException(ErrorCode.INVALID_MESSAGE, violation.get());
    }
    exchange.getMessage().setBody(service(MsgpackCodec.class).encode(canonical));
    exchange
        .getMessage()
        .setHeader(JetStreamConstants.PUBLISH_SUBJECT, subject.replace("*", identity.userId()));
    exchange.getMessage().setHeader(JetStreamConstants.MESSAGE_ID, request.get("request_id"));
  }
}
