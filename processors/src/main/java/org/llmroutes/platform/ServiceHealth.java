package org.llmroutes.platform;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Tells whether a service can be connected to. It is never down: without the service answers are
 * degraded or refused, and taking the routes out of rotation would help nobody.
 */
final class ServiceHealth extends AbstractHealthCheck {
  private static final Duration CONNECTS_WITHIN = Duration.ofMillis(500);
  private static final long FRESH_NANOS = Duration.ofSeconds(5).toNanos();

  private final URI address;
  private boolean reachable;
  private long asked = System.nanoTime() - FRESH_NANOS - 1;

  /**
   * @param url with host and, where it is not the one of its scheme, port
   */
  ServiceHealth(String service, String url) {
    super("services", service);
    this.address = URI.create(url);
  }

  @Override
  protected synchronized void doCall(
      HealthCheckResultBuilder builder, Map<String, Object> options) {
    if (System.nanoTime() - asked > FRESH_NANOS) {
      asked = System.nanoTime();
      reachable = connects();
    }
    builder.detail("address", address.getHost() + ":" + port()).detail("reachable", reachable).up();
  }

  private boolean connects() {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(address.getHost(), port()), (int) CONNECTS_WITHIN.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private int port() {
    if (address.getPort() != -1) {
      return address.getPort();
    }
    return switch (String.valueOf(address.getScheme())) {
      case "https" -> 443;
      case "redis", "rediss" -> 6379;
      default -> 80;
    };
  }
}
