package org.llmroutes.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Ready when every stream that {@code config/nats} defines exists; asks at most every two seconds,
 * however often it is probed.
 */
public final class StreamsHealth extends AbstractHealthCheck {
  private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();

  private final Connection connection;
  private final List<String> wanted;
  private String problem;
  private long asked = System.nanoTime() - FRESH_NANOS - 1;

  /**
   * @param folder with the definitions
   */
  public StreamsHealth(Connection connection, Path folder) throws IOException {
    super("nats", "streams");
    this.connection = connection;
    this.wanted =
        StreamDefinition.readAll(folder).stream()
            .map(definition -> definition.stream().getName())
            .toList();
  }

  @Override
  protected synchronized void doCall(
      HealthCheckResultBuilder builder, Map<String, Object> options) {
    if (System.nanoTime() - asked > FRESH_NANOS) {
      asked = System.nanoTime();
      problem = ask();
    }
    if (problem == null) {
      builder.up();
    } else {
      builder.message(problem).down();
    }
  }

  private String ask() {
    try {
      TreeSet<String> missing = new TreeSet<>(wanted);
      connection.jetStreamManagement().getStreamNames().forEach(missing::remove);
      return missing.isEmpty() ? null : "Missing streams " + missing + "; run setup";
    } catch (IOException | JetStreamApiException | RuntimeException e) {
      return "NATS does not answer: " + e.getMessage();
    }
  }
}
