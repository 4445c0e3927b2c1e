package org.llmroutes.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * A readiness check that asks NATS: at most every two seconds, however often it is probed, and not
 * at all while there is no connection, since a question would only wait for one.
 */
public abstract class NatsHealthCheck extends AbstractHealthCheck {
  private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();

  private final Supplier<Connection> connection;
  private String problem;
  private long asked = System.nanoTime() - FRESH_NANOS - 1;

  protected NatsHealthCheck(String group, String id, Supplier<Connection> connection) {
    super(group, id);
    this.connection = connection;
  }

  /**
   * @return what is wrong, or null
   */
  protected abstract String ask(Connection nats) throws IOException, JetStreamApiException;

  /** Details of a check that is up. */
  protected abstract Map<String, Object> details();

  @Override
  protected final synchronized void doCall(
      HealthCheckResultBuilder builder, Map<String, Object> options) {
    refresh();
    if (problem == null) {
      details().forEach(builder::detail);
      builder.up();
    } else {
      builder.message(problem).down();
    }
  }

  /** Asks where the last answer is no longer fresh. */
  protected final synchronized void refresh() {
    Connection nats = connection.get();
    if (nats.getStatus() != Connection.Status.CONNECTED) {
      problem = "NATS does not answer: there is no connection";
    } else if (System.nanoTime() - asked > FRESH_NANOS) {
      try {
        problem = ask(nats);
      } catch (IOException | JetStreamApiException | RuntimeException e) {
        problem = "NATS does not answer: " + e.getMessage();
      }
      asked = System.nanoTime();
    }
  }
}
