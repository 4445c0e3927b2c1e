package org.llmroutes.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.util.Optional;

/** Reads single messages of a stream, where that there is none is an answer and no error. */
public final class StoredMessages {
  private static final int NO_MESSAGE_FOUND = 10037;

  private StoredMessages() {}

  /** One request to the server for a stored message. */
  public interface Read {
    MessageInfo read() throws IOException, JetStreamApiException;
  }

  public static Optional<MessageInfo> find(Read read) throws IOException, JetStreamApiException {
    try {
      return Optional.of(read.read());
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == NO_MESSAGE_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
