package org.llmroutes.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * In a cluster of NATS servers, a stream has no leader for some seconds once the server that led it
 * is lost. What is asked of it meanwhile is refused at once and not done, so it can be asked again,
 * whatever it is.
 */
final class Election {
  /** One takes 4 to 9 seconds; two servers that want to lead need another. */
  private static final long LONGEST_NANOS = Duration.ofSeconds(20).toNanos();

  private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

  private Election() {}

  /**
   * Asks until there is a leader.
   *
   * @throws IOException where no answer came, or nobody leads for long
   */
  static <T> T outlast(Connection connection, OnceMore.Request<T> request)
      throws IOException, JetStreamApiException {
    long end = System.nanoTime() + LONGEST_NANOS;
    while (true) {
      try {
        return request.send();
      } catch (IOException e) {
        if (!isPossible(connection, e) || System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
    }
  }

  /** Elsewhere than in a cluster, that nobody responds means that there is no such stream. */
  private static boolean isPossible(Connection connection, IOException refusal) {
    return String.valueOf(refusal.getMessage()).contains("503 No Responders")
        && connection.getServerInfo().getCluster() != null;
  }
}
