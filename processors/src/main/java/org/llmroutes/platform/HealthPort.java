package org.llmroutes.platform;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;

/**
 * Where health and metrics are served: {@code LLM_ROUTES_PORT}, 8080 by default and 0 for any, on
 * {@code LLM_ROUTES_HOST}, by default every address of the machine.
 */
public record HealthPort(String host, int port) {
  private static final String PORT = "LLM_ROUTES_PORT";
  private static final String HOST = "LLM_ROUTES_HOST";

  /**
   * @throws IllegalArgumentException where the port is no number of one; the message names the
   *     variable
   */
  public static HealthPort of(Map<String, String> environment) {
    return new HealthPort(value(environment, HOST, "0.0.0.0"), port(environment));
  }

  private static int port(Map<String, String> environment) {
    String text = value(environment, PORT, "8080");
    if (text.matches("\\d{1,5}") && Integer.parseInt(text) < 1 << 16) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException(PORT + " must be a port from 0 to 65535, is " + text);
  }

  private static String value(Map<String, String> environment, String name, String otherwise) {
    String value = environment.getOrDefault(name, "").strip();
    return value.isEmpty() ? otherwise : value;
  }

  /**
   * Camel's server would fail to listen in silence.
   *
   * @throws IllegalArgumentException where nothing can listen there; the message says why, and
   *     which process does where that is known
   */
  public void requireFree() {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(HOST + ": there is no address " + host);
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    } catch (IOException e) {
      String who =
          Listener.on(port).map(listener -> " by " + listener + "; stop it or").orElse(";");
      throw new IllegalArgumentException(
          "Health and metrics cannot be served on %s:%d: %s%s set %s to another port"
              .formatted(host, port, e.getMessage(), who, PORT),
          e);
    }
  }
}
