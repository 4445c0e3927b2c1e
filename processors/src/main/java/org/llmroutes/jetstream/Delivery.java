package org.llmroutes.jetstream;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsJetStreamMetaData;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.llmroutes.nats.StoredMessages;

/**
 * One delivered message and the words by which it is settled. The words are published as they stand
 * in the JetStream protocol, because the client library takes a message whose header block carries
 * a status line for a server's and would not settle it.
 */
final class Delivery {
  private final Connection connection;
  private final NatsJetStreamMetaData metadata;
  private final String subject;
  private final String reply;
  private final AtomicBoolean settled = new AtomicBoolean();
  private final int bytes;
  private byte[] data;
  private Headers headers;

  Delivery(Connection connection, Message message) {
    this.connection = connection;
    this.metadata = new NatsJetStreamMetaData((NatsMessage) message);
    this.subject = message.getSubject();
    this.reply = message.getReplyTo();
    this.data = message.getData();
    this.bytes = data.length;
    this.headers = message.getHeaders();
  }

  String subject() {
    return subject;
  }

  /** The payload; only of a message that is loaded. */
  byte[] data() {
    return data;
  }

  /** Null where there are none. */
  Headers headers() {
    return headers;
  }

  /** Of the payload, loaded or not. */
  int bytes() {
    return bytes;
  }

  int loadedBytes() {
    return data == null ? 0 : data.length;
  }

  /** Lets go of payload and headers, which the stream keeps. */
  void unload() {
    data = null;
    headers = null;
  }

  /**
   * Reads again what was let go of.
   *
   * @return whether the stream still has it
   */
  boolean load() throws IOException, JetStreamApiException {
    if (data != null) {
      return true;
    }
    Optional<MessageInfo> stored =
        StoredMessages.find(
            () -> connection.jetStreamManagement().getMessage(metadata.getStream(), sequence()));
    stored.ifPresent(
        message -> {
          data = message.getData() == null ? new byte[0] : message.getData();
          headers = message.getHeaders();
        });
    return stored.isPresent();
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
    if (!settled.get()) {
      say("+WPI");
    }
  }

  void ack() {
    settle("+ACK");
  }

  void term() {
    settle("+TERM");
  }

  void nak(Duration delay) {
    settle("-NAK {\"delay\": " + delay.toNanos() + "}");
  }

  /** The first word holds: a later one could settle the delivery to somebody else. */
  private void settle(String word) {
    if (settled.compareAndSet(false, true)) {
      say(word);
    }
  }

  /** Also on a thread that was interrupted, where the client library drops what is published. */
  private void say(String word) {
    boolean interrupted = Thread.interrupted();
    connection.publish(reply, word.getBytes(StandardCharsets.US_ASCII));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
