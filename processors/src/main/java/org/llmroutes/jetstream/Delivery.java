package org.llmroutes.jetstream;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.impl.NatsJetStreamMetaData;
import io.nats.client.impl.NatsMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * One delivered message and the words by which it is settled. The words are published as they stand
 * in the JetStream protocol, because the client library takes a message whose header block carries
 * a status line for a server's and would not settle it.
 */
final class Delivery {
  private final Connection connection;
  private final Message message;
  private final NatsJetStreamMetaData metadata;

  Delivery(Connection connection, Message message) {
    this.connection = connection;
    this.message = message;
    this.metadata = new NatsJetStreamMetaData((NatsMessage) message);
  }

  Message message() {
    return message;
  }

  long sequence() {
    return metadata.streamSequence();
  }

  long count() {
    return metadata.deliveredCount();
  }

  Instant stored() {
    return metadata.timestamp().toInstant();
  }

  void inProgress() {
    say("+WPI");
  }

  void ack() {
    say("+ACK");
  }

  void term() {
    say("+TERM");
  }

  void nak(Duration delay) {
    say("-NAK {\"delay\": " + delay.toNanos() + "}");
  }

  private void say(String word) {
    connection.publish(message.getReplyTo(), word.getBytes(StandardCharsets.US_ASCII));
  }
}
