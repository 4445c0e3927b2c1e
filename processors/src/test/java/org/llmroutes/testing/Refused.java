package org.llmroutes.testing;

import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import java.time.Duration;

/** What NATS says to who may not do something. */
public final class Refused {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Refused() {}

  /**
   * Connects again and subscribes until that is refused: a connection that is just being made takes
   * no notice of a wish to be made again.
   */
  public static void awaitAfterReconnect(Connection connection, String subject) {
    await()
        .ignoreExceptions()
        .until(
            () -> {
              connection.forceReconnect();
              connection.subscribe(subject);
              connection.flush(PATIENCE);
              return connection.getLastError().contains(subject);
            });
  }
}
