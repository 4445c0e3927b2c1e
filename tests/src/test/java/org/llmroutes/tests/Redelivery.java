package org.llmroutes.tests;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import java.io.IOException;
import java.time.Duration;

/** How soon a message is delivered again whose instance has gone: noticed by its silence alone. */
final class Redelivery {
  private Redelivery() {}

  /** The suite has less patience than production. */
  static void after(Duration silence, Connection nats, String stream, String durable)
      throws IOException, JetStreamApiException {
    JetStreamManagement management = nats.jetStreamManagement();
    ConsumerConfiguration consumer =
        management.getConsumerInfo(stream, durable).getConsumerConfiguration();
    management.addOrUpdateConsumer(
        stream, ConsumerConfiguration.builder(consumer).ackWait(silence).build());
  }
}
