package org.llmroutes.bench.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** WebSockets on which nothing is said. */
final class IdleSockets implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final List<WebSocket> open = new ArrayList<>();

  IdleSockets(int port, int count) throws Exception {
    WebSocketClient client =
        vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(count));
    for (int i = 0; i < count; i++) {
      open.add(
          client
              .connect(port, "127.0.0.1", "/api/ws")
              .toCompletionStage()
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS));
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
