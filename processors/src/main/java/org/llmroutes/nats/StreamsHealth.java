package org.llmroutes.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Ready when every stream that is defined exists. */
public final class StreamsHealth extends NatsHealthCheck {
  private final List<String> wanted;

  public StreamsHealth(Connection connection, List<StreamDefinition> definitions) {
    super("nats", "streams", () -> connection);
    this.wanted = definitions.stream().map(StreamDefinition::name).toList();
  }

  @Override
  protected String ask(Connection nats) throws IOException, JetStreamApiException {
    TreeSet<String> missing = new TreeSet<>(wanted);
    nats.jetStreamManagement().getStreamNames().forEach(missing::remove);
    return missing.isEmpty() ? null : "Missing streams " + missing + "; run setup";
  }

  @Override
  protected Map<String, Object> details() {
    return Map.of();
  }
}
