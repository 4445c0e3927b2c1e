package org.llmroutes.turn;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.util.Optional;
import org.llmroutes.nats.StoredMessages;
import org.llmroutes.nats.UserSubjects;

/** The final responses that AI_RESPONSES holds. */
public final class Responses {
  private static final String MESSAGE_ID = "Nats-Msg-Id";

  private final Connection connection;

  public Responses(Connection connection) {
    this.connection = connection;
  }

  boolean isStored(String subject) throws IOException, JetStreamApiException {
    return last(subject).isPresent();
  }

  /** Whether the newest response of a subject was stored under that message id. */
  boolean isStored(String subject, String messageId) throws IOException, JetStreamApiException {
    return last(subject)
        .map(MessageInfo::getHeaders)
        .filter(headers -> messageId.equals(headers.getFirst(MESSAGE_ID)))
        .isPresent();
  }

  /**
   * Sends a stored response of a user to whoever listens now; the stream itself recognises the
   * message id and stores no second one.
   */
  boolean repeat(String subject, String user) throws IOException, JetStreamApiException {
    Optional<MessageInfo> stored = last(subject);
    if (stored.isPresent()) {
      String id = stored.get().getHeaders().getFirst(MESSAGE_ID);
      connection
          .jetStream()
          .publish(subject, new Headers().put(MESSAGE_ID, id), stored.get().getData());
      connection.publish(UserSubjects.copyOf(subject, user), stored.get().getData());
    }
    return stored.isPresent();
  }

  private Optional<MessageInfo> last(String subject) throws IOException, JetStreamApiException {
    return StoredMessages.find(
        () -> connection.jetStreamManagement().getLastMessage("AI_RESPONSES", subject));
  }
}
