package org.llmroutes.callout;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nats.client.Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * For the probes of a cluster: {@code GET /observe/health/live} is 200 while the process serves,
 * {@code GET /observe/health/ready} while NATS is connected, so that logins can be answered, and
 * 503 else.
 */
public final class CalloutHealth implements AutoCloseable {
  private final Connection connection;
  private final HttpServer server;

  /**
   * Serves from now on.
   *
   * @param port 0 for a free one
   */
  public CalloutHealth(int port, Connection connection) throws IOException {
    this.connection = connection;
    server = HttpServer.create(new InetSocketAddress(port), 0);
    server.createContext("/observe/health/live", exchange -> answer(exchange, true));
    server.createContext("/observe/health/ready", exchange -> answer(exchange, isReady()));
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private boolean isReady() {
    return connection.getStatus() == Connection.Status.CONNECTED;
  }

  private static void answer(HttpExchange exchange, boolean up) throws IOException {
    byte[] status =
        "{\"status\":\"%s\"}".formatted(up ? "UP" : "DOWN").getBytes(StandardCharsets.US_ASCII);
    exchange.getResponseHeaders().set("content-type", "application/json");
    exchange.sendResponseHeaders(up ? 200 : 503, status.length);
    exchange.getResponseBody().write(status);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
