package org.llmroutes.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;
import org.llmroutes.config.Settings;

/**
 * Where this process serves HTTP.
 *
 * @param what is served, for messages
 * @param hostSetting what sets the host, for messages
 * @param portSetting what sets the port, for messages
 */
public record ServerAddress(
    String what, String host, int port, String hostSetting, String portSetting) {
  private static final String HEALTH_PORT = "LLM_ROUTES_PORT";
  private static final String HEALTH_HOST = "LLM_ROUTES_HOST";

  /**
   * Health and metrics: {@code LLM_ROUTES_PORT}, 8080 by default and 0 for any, on {@code
   * LLM_ROUTES_HOST}, by default every address of the machine.
   *
   * @throws IllegalArgumentException where the port is no number of one; the message names the
   *     variable
   */
  public static ServerAddress ofHealth(Map<String, String> environment) {
    return new ServerAddress(
        "Health and metrics",
        value(environment, HEALTH_HOST, "0.0.0.0"),
        port(environment),
        HEALTH_HOST,
        HEALTH_PORT);
  }

  /** The gateway, where this instance is one. */
  public static Optional<ServerAddress> ofGateway(Settings settings) {
    return Roles.of(settings).has("gateway")
        ? Optional.of(
            new ServerAddress(
                "The gateway",
                settings.get("gateway.host"),
                settings.getInt("gateway.port"),
                "GATEWAY_HOST",
                "GATEWAY_PORT"))
        : Optional.empty();
  }

  private static int port(Map<String, String> environment) {
    String text = value(environment, HEALTH_PORT, "8080");
    if (text.matches("\\d{1,5}") && Integer.parseInt(text) < 1 << 16) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException(HEALTH_PORT + " must be a port from 0 to 65535, is " + text);
  }

  private static String value(Map<String, String> environment, String name, String otherwise) {
    String value = environment.getOrDefault(name, "").strip();
    return value.isEmpty() ? otherwise : value;
  }

  /** How this machine reaches it, for instance {@code http://127.0.0.1:8080}. */
  public String local() {
    InetAddress address = new InetSocketAddress(host, port).getAddress();
    String reached = address != null && address.isAnyLocalAddress() ? "127.0.0.1" : host;
    return "http://" + (reached.contains(":") ? "[" + reached + "]" : reached) + ":" + port;
  }

  /**
   * @throws IllegalArgumentException where both are on one port
   */
  public void requireApartFrom(ServerAddress other) {
    if (port != 0 && port == other.port) {
      throw new IllegalArgumentException(
          "%s and %s are both %d; set one to another port"
              .formatted(portSetting, other.portSetting, port));
    }
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
      throw new IllegalArgumentException(hostSetting + ": there is no address " + host);
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    } catch (IOException e) {
      String who =
          Listener.on(port).map(listener -> " by " + listener + "; stop it or").orElse(";");
      throw new IllegalArgumentException(
          "%s cannot be served on %s:%d: %s%s set %s to another port"
              .formatted(what, host, port, e.getMessage(), who, portSetting),
          e);
    }
  }
}
