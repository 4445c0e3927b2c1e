package org.llmroutes.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llmroutes.nats.StreamDefinition.Part;

/**
 * Applies the stream and consumer definitions of {@code config/nats}; again and again without harm.
 * What a definition does not name, and limits that an operator has raised, stay as they are; where
 * nothing differs nothing is asked of the server, which can lose waiting messages of a work queue
 * by an update.
 *
 * @see <a href="https://github.com/nats-io/nats-server/issues/5526">nats-server 5526</a>
 */
public final class NatsSetup {
  private final JetStreamManagement management;
  private final int replicas;
  private final List<String> changes = new ArrayList<>();

  private NatsSetup(JetStreamManagement management, int replicas) {
    this.management = management;
    this.replicas = replicas;
  }

  /** For one server, which keeps one copy of each new stream. */
  public static List<String> apply(Connection connection, Path folder) throws IOException {
    return apply(connection, folder, 1);
  }

  /**
   * Creates what is missing and updates what differs.
   *
   * @param replicas of streams and buckets that are created
   * @return what was changed, in words; empty where everything was as defined
   * @throws IOException where a definition cannot be read or the server refuses it; the message
   *     names the file
   */
  public static List<String> apply(Connection connection, Path folder, int replicas)
      throws IOException {
    NatsSetup setup = new NatsSetup(connection.jetStreamManagement(), replicas);
    for (StreamDefinition definition : StreamDefinition.readAll(folder)) {
      try {
        setup.apply(definition);
      } catch (JetStreamApiException e) {
        throw new IOException(definition.file() + ": the server refuses it: " + e.getMessage(), e);
      }
    }
    return setup.changes;
  }

  private void apply(StreamDefinition definition) throws IOException, JetStreamApiException {
    String what = "stream " + definition.name();
    Optional<StreamInfo> there = definition.find(management);
    if (there.isEmpty()) {
      StreamConfiguration wanted = definition.stream().configuration();
      management.addStream(StreamConfiguration.builder(wanted).replicas(replicas).build());
      changes.add("created " + what);
    } else {
      Differences differences = definition.compared(there.get());
      if (!differences.changes().isEmpty()) {
        management.updateStream(StreamDefinition.stream(differences.updated()));
        note(what, differences);
      }
    }
    for (Part<ConsumerConfiguration> consumer : definition.consumers()) {
      apply(definition, consumer);
    }
  }

  private void apply(StreamDefinition definition, Part<ConsumerConfiguration> part)
      throws IOException, JetStreamApiException {
    String stream = definition.name();
    String durable = part.configuration().getDurable();
    String what = "consumer " + stream + "/" + durable;
    Optional<ConsumerInfo> there = definition.find(management, durable);
    if (there.isEmpty()) {
      management.addOrUpdateConsumer(stream, part.configuration());
      changes.add("created " + what);
    } else {
      Differences differences = StreamDefinition.compared(part, there.get());
      if (!differences.changes().isEmpty()) {
        management.addOrUpdateConsumer(stream, StreamDefinition.consumer(differences.updated()));
        note(what, differences);
      }
    }
  }

  private void note(String what, Differences differences) {
    differences.changes().forEach(change -> changes.add("changed " + what + ": " + change));
  }
}
