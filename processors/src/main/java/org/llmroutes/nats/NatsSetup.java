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

/**
 * Applies the stream and consumer definitions of {@code config/nats}; again and again without harm.
 */
public final class NatsSetup {
  private static final int STREAM_NOT_FOUND = 10059;
  private static final int CONSUMER_NOT_FOUND = 10014;

  private final JetStreamManagement management;
  private final List<String> changes = new ArrayList<>();

  private NatsSetup(JetStreamManagement management) {
    this.management = management;
  }

  /**
   * Creates what is missing and updates what differs.
   *
   * @return what was changed, in words; empty where everything was as defined
   * @throws IOException where a definition cannot be read or the server refuses it; the message
   *     names the file
   */
  public static List<String> apply(Connection connection, Path folder) throws IOException {
    NatsSetup setup = new NatsSetup(connection.jetStreamManagement());
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
    StreamConfiguration wanted = definition.stream();
    try {
      String before = management.getStreamInfo(wanted.getName()).getConfiguration().toJson();
      String after = management.updateStream(wanted).getConfiguration().toJson();
      note("stream " + wanted.getName(), before, after);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != STREAM_NOT_FOUND) {
        throw e;
      }
      management.addStream(wanted);
      changes.add("created stream " + wanted.getName());
    }
    for (ConsumerConfiguration consumer : definition.consumers()) {
      apply(wanted.getName(), consumer);
    }
  }

  private void apply(String stream, ConsumerConfiguration wanted)
      throws IOException, JetStreamApiException {
    String name = stream + "/" + wanted.getDurable();
    try {
      String before =
          management
              .getConsumerInfo(stream, wanted.getDurable())
              .getConsumerConfiguration()
              .toJson();
      String after =
          management.addOrUpdateConsumer(stream, wanted).getConsumerConfiguration().toJson();
      note("consumer " + name, before, after);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != CONSUMER_NOT_FOUND) {
        throw e;
      }
      management.addOrUpdateConsumer(stream, wanted);
      changes.add("created consumer " + name);
    }
  }

  private void note(String what, String before, String after) {
    if (!before.equals(after)) {
      changes.add("changed " + what);
    }
  }
}
