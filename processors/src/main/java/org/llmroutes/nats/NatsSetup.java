package org.llmroutes.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  private static final int STREAM_NOT_FOUND = 10059;
  private static final int CONSUMER_NOT_FOUND = 10014;

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
    StreamConfiguration wanted = definition.stream().configuration();
    String what = "stream " + definition.name();
    try {
      StreamConfiguration there = management.getStreamInfo(definition.name()).getConfiguration();
      Differences differences =
          Differences.of(there.toJson(), wanted.toJson(), definition.stream().fields());
      if (!differences.changes().isEmpty()) {
        management.updateStream(StreamDefinition.stream(differences.updated()));
        note(what, differences);
      }
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != STREAM_NOT_FOUND) {
        throw e;
      }
      management.addStream(StreamConfiguration.builder(wanted).replicas(replicas).build());
      changes.add("created " + what);
    }
    for (Part<ConsumerConfiguration> consumer : definition.consumers()) {
      apply(definition.name(), consumer);
    }
  }

  private void apply(String stream, Part<ConsumerConfiguration> part)
      throws IOException, JetStreamApiException {
    ConsumerConfiguration wanted = part.configuration();
    String what = "consumer " + stream + "/" + wanted.getDurable();
    try {
      ConsumerConfiguration there =
          management.getConsumerInfo(stream, wanted.getDurable()).getConsumerConfiguration();
      Differences differences = Differences.of(there.toJson(), wanted.toJson(), part.fields());
      if (!differences.changes().isEmpty()) {
        management.addOrUpdateConsumer(stream, StreamDefinition.consumer(differences.updated()));
        note(what, differences);
      }
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != CONSUMER_NOT_FOUND) {
        throw e;
      }
      management.addOrUpdateConsumer(stream, wanted);
      changes.add("created " + what);
    }
  }

  private void note(String what, Differences differences) {
    differences.changes().forEach(change -> changes.add("changed " + what + ": " + change));
  }
}
