package org.llmroutes.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PurgeOptions;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.util.Optional;

/** Reads single messages of a stream, where that there is none is no error, and removes some. */
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

  /** The sequence of the message that was stored last, be it there or not. */
  public static long lastSequence(JetStreamManagement management, String stream)
      throws IOException, JetStreamApiException {
    return management.getStreamInfo(stream).getStreamState().getLastSequence();
  }

  /** Removes the messages of a subject up to a sequence, that one included. */
  public static void purge(JetStreamManagement management, String stream, String subject, long last)
      throws IOException, JetStreamApiException {
    management.purgeStream(
        stream, PurgeOptions.builder().subject(subject).sequence(last + 1).build());
  }
}
