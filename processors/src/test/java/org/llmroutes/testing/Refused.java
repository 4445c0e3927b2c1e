package org.llmroutes.testing;

import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import java.time.Duration;

/** What NATS says to who may not do something. */
public final class Refused {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Refused() {}

  /** Subscribes until that is refused, be the connection there yet or not. */
  public static void awaitSubscription(Connection connection, String subject) {
    await()
        .ignoreExceptions()
        .until(
            () -> {
              connection.subscribe(subject);
              connection.flush(PATIENCE);
              return connection.getLastError().contains(subject);
            });
  }
}
