package org.llmroutes.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;

/**
 * Asks NATS for what does no harm when it is done twice, and once more where no answer came: a
 * connection that breaks takes along what was being asked, and is mostly back soon.
 */
public final class OnceMore {
  private OnceMore() {}

  /** One request to the server. */
  public interface Request<T> {
    T send() throws IOException, JetStreamApiException;
  }

  /**
   * @throws IOException where no answer came to the second one either
   */
  public static <T> T send(Connection connection, Request<T> request)
      throws IOException, JetStreamApiException {
    try {
      return Election.outlast(connection, request);
    } catch (IOException e) {
      return Election.outlast(connection, request);
    }
  }
}
