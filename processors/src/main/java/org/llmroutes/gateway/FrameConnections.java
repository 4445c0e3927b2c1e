package org.llmroutes.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.llmroutes.config.Settings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.identity.Identity;

/** The WebSockets of this instance. Safe for concurrent use. */
final class FrameConnections {
  private final Set<FrameConnection> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger places;
  private final FrameCalls calls;
  private final FrameLimits limits;
  private final Room room;

  private FrameConnections(FrameCalls calls, int most, FrameLimits limits, Room room) {
    this.room = room;
    this.calls = calls;
    this.places = new AtomicInteger(most);
    this.limits = limits;
  }

  /**
   * @param room for the audio of all requests
   */
  static FrameConnections of(Settings settings, FrameCalls calls, Room room) {
    return new FrameConnections(
        calls,
        settings.getInt("gateway.sockets.max"),
        new FrameLimits(
            settings.getInt("gateway.sockets.max-text-bytes"),
            settings.getInt("gateway.sockets.max-turns")),
        room);
  }

  /**
   * Makes a WebSocket of a request. To be called on its event loop.
   *
   * @param onProblem given 503 where there are too many; what is wrong with the request's headers
   *     is answered by the server itself
   */
  void open(HttpServerRequest request, Identity identity, Consumer<HttpProblem> onProblem) {
    if (places.decrementAndGet() < 0) {
      places.incrementAndGet();
      onProblem.accept(HttpProblem.of(ErrorCode.UNAVAILABLE, "Too many connections"));
      return;
    }
    request
        .toWebSocket()
        .onSuccess(
            socket ->
                open.add(
                    new FrameConnection(
                        request,
                        socket,
                        Vertx.currentContext(),
                        identity.expires(),
                        calls,
                        limits,
                        room,
                        this::closed)))
        .onFailure(failure -> places.incrementAndGet());
  }

  int number() {
    return open.size();
  }

  private void closed(FrameConnection connection) {
    open.remove(connection);
    places.incrementAndGet();
  }

  /** To be called now and then. */
  void tick() {
    Instant now = Instant.now();
    open.forEach(connection -> connection.tick(now));
  }

  /** Tells all clients that this instance goes away. */
  void close() {
    open.forEach(connection -> connection.goAway());
  }
}
