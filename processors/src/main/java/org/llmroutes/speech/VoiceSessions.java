package org.llmroutes.speech;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.api.KeyValueEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The newest voice turn of each session, in the JetStream key-value bucket {@code voice-sessions}.
 * Safe for concurrent use.
 */
public final class VoiceSessions {
  private static final int WRONG_LAST_SEQUENCE = 10071;

  private final Connection connection;

  public VoiceSessions(Connection connection) {
    this.connection = connection;
  }

  /**
   * Makes the request its session's newest voice turn.
   *
   * @return the one that it takes the place of
   */
  Optional<String> take(String userId, String sessionId, String requestId)
      throws IOException, JetStreamApiException {
    KeyValue bucket = connection.keyValue("voice-sessions");
    String session = userId + "." + sessionId;
    byte[] mine = requestId.getBytes(StandardCharsets.US_ASCII);
    while (true) {
      KeyValueEntry newest = bucket.get(session);
      try {
        if (newest == null) {
          bucket.create(session, mine);
          return Optional.empty();
        }
        bucket.update(session, mine, newest.getRevision());
        return Optional.of(newest.getValueAsString()).filter(id -> !id.equals(requestId));
      } catch (JetStreamApiException e) {
        if (e.getApiErrorCode() != WRONG_LAST_SEQUENCE) {
          throw e;
        }
      }
    }
  }
}
