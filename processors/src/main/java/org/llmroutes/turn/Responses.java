package org.llmroutes.turn;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.io.IOException;

/** The final responses that AI_RESPONSES holds. */
public final class Responses {
  private static final int NO_MESSAGE_FOUND = 10037;

  private final Connection connection;

  public Responses(Connection connection) {
    this.connection = connection;
  }

  /**
   * Sends a stored response to whoever listens now; the stream itself recognises the message id and
   * stores no second one.
   */
  boolean repeat(String subject) throws IOException, JetStreamApiException {
    try {
      MessageInfo stored = connection.jetStreamManagement().getLastMessage("AI_RESPONSES", subject);
      String id = stored.getHeaders().getFirst("Nats-Msg-Id");
      connection
          .jetStream()
          .publish(subject, new Headers().put("Nats-Msg-Id", id), stored.getData());
      return true;
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == NO_MESSAGE_FOUND) {
        return false;
      }
      throw e;
    }
  }
}
