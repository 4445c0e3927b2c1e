package org.llmroutes.local.ai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small HTTP service on 127.0.0.1 that takes and gives JSON; errors have the form of the OpenAI
 * API.
 */
public class JsonServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JsonServer.class);

  /** For subclasses, wherever they are. */
  protected static final ObjectMapper JSON = new ObjectMapper();

  static {
    // tokens leave when they are written, not when a segment is full
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "json-server");
            thread.setDaemon(true);
            return thread;
          });

  /** Answers one request that asks for JSON. */
  @FunctionalInterface
  public interface Answer {
    /**
     * @throws IllegalArgumentException for a request that cannot be answered; becomes HTTP 400
     */
    Object to(JsonNode request) throws Exception;
  }

  /** Answers one request in its own way. */
  @FunctionalInterface
  public interface Handler {
    void handle(JsonNode request, HttpExchange exchange) throws Exception;
  }

  /**
   * @param port where it is free, else any; 0 for any
   */
  public JsonServer(int port) {
    try {
      server =
          HttpServer.create(
              new InetSocketAddress(
                  InetAddress.getLoopbackAddress(), org.llmroutes.local.Ports.free(port)),
              256);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    on("/health", request -> Map.of("status", "ok"));
    server.start();
  }

  /** A path that answers JSON with JSON. */
  public final void on(String path, Answer answer) {
    handle(path, (request, exchange) -> send(exchange, 200, answer.to(request)));
  }

  /** A path with a handler of its own. */
  public final void handle(String path, Handler handler) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            handler.handle(read(exchange), exchange);
          } catch (IllegalArgumentException | JsonProcessingException e) {
            send(exchange, 400, error("invalid_request_error", e.getMessage()));
          } catch (IOException e) {
            LOG.debug("A client went away", e);
          } catch (Exception e) {
            LOG.error("{} failed", path, e);
            send(exchange, 500, error("internal_error", String.valueOf(e.getMessage())));
          }
        });
  }

  /** What is asked; null where there is no body. */
  protected JsonNode read(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    return body.length == 0 ? JSON.nullNode() : JSON.readTree(body);
  }

  public static void send(HttpExchange exchange, int status, Object answer) throws IOException {
    byte[] body = JSON.writeValueAsBytes(answer);
    exchange.getResponseHeaders().set("content-type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  public static Map<String, Object> error(String type, String message) {
    return Map.of("error", Map.of("type", type, "message", message));
  }

  public final String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public final int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
