package org.llmroutes.jetstream;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.PublishOptions;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;
import org.llmroutes.nats.AllowedHeaders;
import org.llmroutes.nats.MessageSpans;
import org.llmroutes.nats.OnceMore;
import org.llmroutes.nats.TraceHeaders;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/**
 * Publishes the body as bytes and returns once the stream has stored it, or already had a message
 * of that id. With an id it is published once more where no answer came.
 */
class JetStreamProducer extends DefaultProducer {
  /** What a header value can be on the wire; another one would fail the whole message. */
  private static final Pattern SENDABLE = Pattern.compile("[\\x20-\\x7e]*");

  private static final String MESSAGE_ID = "Nats-Msg-Id";
  private static final Pattern SUBJECT = Pattern.compile("[^\\s.*>]+(\\.[^\\s.*>]+)*");

  private final JetStreamEndpoint endpoint;
  private final PublishOptions options;
  private volatile JetStream opened;

  JetStreamProducer(JetStreamEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
    this.options =
        PublishOptions.builder()
            .expectedStream(endpoint.getStream())
            .streamTimeout(Duration.ofMillis(endpoint.getAckTimeout()))
            .build();
  }

  @Override
  public void process(Exchange exchange) throws Exception {
    String subject = subject(exchange.getMessage());
    Span span = MessageSpans.publish(Tracing.current(), endpoint.getStream(), subject);
    try {
      publish(exchange.getMessage(), subject, span);
    } catch (Exception e) {
      span.fail(e);
      throw e;
    } finally {
      span.end();
    }
  }

  private void publish(Message message, String subject, Span span) throws Exception {
    Headers headers = headers(message);
    span.inject(headers::put);
    NatsMessage out =
        NatsMessage.builder()
            .subject(subject)
            .headers(headers)
            .data(message.getMandatoryBody(byte[].class))
            .build();
    Connection connection = endpoint.connection();
    JetStream jetStream = jetStream(connection);
    span.set(Names.MESSAGING_SIZE, out.getData().length);
    if (out.getHeaders().containsKey(MESSAGE_ID)) {
      OnceMore.send(connection, () -> jetStream.publish(out, options));
    } else {
      jetStream.publish(out, options);
    }
    String copy = message.getHeader(JetStreamConstants.COPY_SUBJECT, String.class);
    if (copy != null) {
      connection.publish(copy, TraceHeaders.of(span), out.getData());
    }
  }

  /** It can be had once there was a server. */
  private JetStream jetStream(Connection connection) throws IOException {
    if (opened == null) {
      opened = connection.jetStream();
    }
    return opened;
  }

  private String subject(Message message) {
    String subject =
        endpoint.getSubject() != null
            ? endpoint.getSubject()
            : message.getHeader(JetStreamConstants.PUBLISH_SUBJECT, String.class);
    if (subject == null || !SUBJECT.matcher(subject).matches()) {
      throw new IllegalArgumentException("Not a subject to publish on: " + subject);
    }
    return subject;
  }

  private static Headers headers(Message message) {
    Headers headers = new Headers();
    message
        .getHeaders()
        .forEach(
            (name, value) -> {
              if (value != null
                  && AllowedHeaders.outbound(name)
                  && SENDABLE.matcher(value.toString()).matches()) {
                headers.put(name, value.toString());
              }
            });
    String id = message.getHeader(JetStreamConstants.MESSAGE_ID, String.class);
    if (id != null) {
      headers.put(MESSAGE_ID, id);
    }
    return headers;
  }
}
