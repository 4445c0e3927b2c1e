package org.llmroutes.turn;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.util.Optional;
import org.llmroutes.nats.StoredMessages;

/** The final responses that AI_RESPONSES holds. */
public final class Responses {
  private final Connection connection;

  public Responses(Connection connection) {
    this.connection = connection;
  }

  /**
   * Sends a stored response to whoever listens now; the stream itself recognises the message id and
   * stores no second one.
   */
  boolean repeat(String subject) throws IOException, JetStreamApiException {
    Optional<MessageInfo> stored =
        StoredMessages.find(
            () -> connection.jetStreamManagement().getLastMessage("AI_RESPONSES", subject));
    if (stored.isPresent()) {
      String id = stored.get().getHeaders().getFirst("Nats-Msg-Id");
      connection
          .jetStream()
          .publish(subject, new Headers().put("Nats-Msg-Id", id), stored.get().getData());
    }
    return stored.isPresent();
  }
}
