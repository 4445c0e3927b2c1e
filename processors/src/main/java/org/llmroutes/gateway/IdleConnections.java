package org.llmroutes.gateway;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Closes connections whose client neither waits for an answer nor has sent a whole request header
 * for a while, however many bytes of one it sends. Safe for concurrent use.
 */
final class IdleConnections {
  private static final int SWITCHING_PROTOCOLS = 101;

  private final long nanos;
  private final Map<HttpConnection, Use> open = new ConcurrentHashMap<>();

  private static final class Use {
    private volatile HttpServerRequest request;
    private volatile long last = System.nanoTime();

    boolean isIdle(long now, long nanos) {
      HttpServerRequest newest = request;
      if (newest != null && isOpen(newest.response())) {
        last = now;
      }
      return now - last > nanos;
    }

    /** A connection that has become a WebSocket looks after itself. */
    private static boolean isOpen(HttpServerResponse response) {
      return !response.ended() || response.getStatusCode() == SWITCHING_PROTOCOLS;
    }
  }

  IdleConnections(Duration timeout) {
    nanos = timeout.toNanos();
  }

  void opened(HttpConnection connection) {
    open.put(connection, new Use());
    connection.closeHandler(closed -> open.remove(connection));
  }

  /** A request whose header is whole. */
  void requested(HttpServerRequest request) {
    Use use = open.get(request.connection());
    if (use != null) {
      use.request = request;
    }
  }

  /** To be called now and then. */
  void tick() {
    long now = System.nanoTime();
    open.forEach(
        (connection, use) -> {
          if (use.isIdle(now, nanos) && open.remove(connection, use)) {
            connection.close();
          }
        });
  }
}
