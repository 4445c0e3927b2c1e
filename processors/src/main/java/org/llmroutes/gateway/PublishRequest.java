package org.llmroutes.gateway;

import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.identity.Identity;
import org.llmroutes.jetstream.JetStreamConstants;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.turn.Acceptance;

/**
 * Makes the message of the contract from the JSON in the body: its user is who the credentials say,
 * whatever the body says.
 */
public class PublishRequest extends Acceptance {
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
  public void process(Exchange exchange) {
    Map<String, Object> request = fields(exchange);
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    request.put("user_id", identity.userId());
    exchange.getMessage().setBody(service(MsgpackCodec.class).encode(valid(schema, request)));
    exchange
        .getMessage()
        .setHeader(JetStreamConstants.PUBLISH_SUBJECT, subject.replace("*", identity.userId()));
    exchange.getMessage().setHeader(JetStreamConstants.MESSAGE_ID, request.get("request_id"));
  }
}
