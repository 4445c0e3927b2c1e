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
  public static <T> T send(Request<T> request) throws IOException, JetStreamApiException {
    try {
      return request.send();
    } catch (IOException e) {
      return request.send();
    }
  }

  /**
   * The same, for what a stream has to take: each time its leader is waited for.
   *
   * @throws IOException where no answer came to the second one either, or nobody leads for long
   */
  public static <T> T send(Connection connection, Request<T> request)
      throws IOException, JetStreamApiException {
    return send(() -> Election.outlast(connection, request));
  }
}
