package org.llmroutes.doctor;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerInfo;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.llmroutes.nats.StreamDefinition;

/** Whether consumers are there and as defined, and whether somebody works on what waits. */
final class ConsumersCheck implements Check {
  /** Requests that wait, with somebody at work, before it is a lag. */
  private static final long LAG = 1000;

  @Override
  public String part() {
    return "consumers";
  }

  @Override
  public void look(Installation here, Findings found) throws Exception {
    for (StreamDefinition definition :
        StreamDefinition.readAll(here.settings().path("config/nats"))) {
      for (String durable : definition.durables()) {
        look(here.nats(), definition, durable, found);
      }
    }
  }

  private static void look(
      Connection nats, StreamDefinition definition, String durable, Findings found)
      throws IOException {
    String name = definition.name() + "/" + durable;
    try {
      Optional<ConsumerInfo> there = definition.find(nats.jetStreamManagement(), durable);
      if (there.isEmpty()) {
        found.notWell(name, "it is not there", "`setup` creates it");
        return;
      }
      List<String> differences = definition.differences(there.get());
      if (differences.isEmpty()) {
        work(name, there.get(), found);
      } else {
        found.notWell(
            name, "it is not as defined: " + String.join(", ", differences), "`setup` does it");
      }
    } catch (JetStreamApiException e) {
      found.notWell(name, "NATS says: " + e.getErrorDescription(), "see the log of the server");
    }
  }

  private static void work(String name, ConsumerInfo consumer, Findings found) {
    long waiting = consumer.getNumPending();
    String text =
        "%d waiting, %d in work, %d delivered again"
            .formatted(waiting, consumer.getNumAckPending(), consumer.getRedelivered());
    boolean asked = consumer.getNumWaiting() > 0;
    if (consumer.getPaused()) {
      found.warning(name, text + "; it is paused", "`nats consumer resume` goes on with it");
    } else if (waiting > 0 && !asked && consumer.getNumAckPending() == 0) {
      found.warning(
          name,
          text + "; nobody works on them",
          "start an instance whose role serves it: ROUTES_ENABLED");
    } else if (waiting > LAG) {
      found.warning(name, text, "start more instances, or see which service is slow");
    } else if (consumer.getRedelivered() > 0) {
      found.warning(name, text, "the log of the routes says why requests failed at first");
    } else {
      found.well(name, text + (asked ? "" : "; no instance asks for any"));
    }
  }
}
