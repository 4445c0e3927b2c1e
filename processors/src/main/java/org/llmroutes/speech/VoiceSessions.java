package org.llmroutes.speech;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.llmroutes.nats.Bucket;

/**
 * The newest voice turn of each session, in the JetStream key-value bucket {@code voice-sessions}.
 * Safe for concurrent use.
 */
public final class VoiceSessions {
  private final Bucket bucket;

  public VoiceSessions(Connection connection) {
    this.bucket = new Bucket(connection, "voice-sessions");
  }

  /**
   * Makes the request its session's newest voice turn.
   *
   * @return the one that it takes the place of
   */
  Optional<String> take(String userId, String sessionId, String requestId)
      throws IOException, JetStreamApiException {
    String session = userId + "." + sessionId;
    byte[] mine = requestId.getBytes(StandardCharsets.US_ASCII);
    while (true) {
      Optional<Bucket.Entry> newest = bucket.get(session);
      Optional<Long> written =
          newest.isEmpty()
              ? bucket.create(session, mine)
              : bucket.update(session, mine, newest.get().revision());
      if (written.isPresent()) {
        return newest
            .map(entry -> new String(entry.value(), StandardCharsets.US_ASCII))
            .filter(id -> !id.equals(requestId));
      }
    }
  }
}
