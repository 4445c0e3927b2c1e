package org.llmroutes.jetstream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.llmroutes.metrics.KnownMeters;
import org.llmroutes.metrics.Meters;

/** What is counted of the messages that come to this process from one durable consumer. */
final class DeliveryMeters {
  private static final KnownMeters<String, DeliveryMeters> OF_CONSUMERS = new KnownMeters<>();

  private final AtomicInteger inWork = new AtomicInteger();
  private final Counter first;
  private final Counter again;
  private final Map<String, Counter> settlements;
  private final Timer queued;

  private DeliveryMeters(String stream, String consumer) {
    String[] labels = {"stream", stream, "consumer", consumer};
    Map<String, Counter> deliveries =
        Meters.counters(
            "llm.routes.consumer.deliveries",
            "Messages that work was begun on, delivered for the first time or again",
            "redelivered",
            Arrays.asList("false", "true"),
            labels);
    first = deliveries.get("false");
    again = deliveries.get("true");
    settlements =
        Meters.counters(
            "llm.routes.consumer.settlements",
            "How work on messages ended; none leaves a message to another delivery",
            "settlement",
            Arrays.stream(Settlement.values()).map(DeliveryMeters::label).toList(),
            labels);
    queued =
        Meters.timer(
            "llm.routes.consumer.queue",
            "From a message in its stream to the beginning of work on it",
            Meters.TURN,
            labels);
    Gauge.builder("llm.routes.consumer.in.work.messages", inWork, AtomicInteger::get)
        .description("Messages that are worked on")
        .tags(labels)
        .strongReference(true)
        .register(Meters.registry());
  }

  static DeliveryMeters of(String stream, String consumer) {
    return OF_CONSUMERS.of(
        stream + "/" + consumer, unknown -> new DeliveryMeters(stream, consumer));
  }

  private static String label(Settlement settlement) {
    return settlement.name().toLowerCase(Locale.ROOT);
  }

  /** Work is begun on a delivery; {@link #done} follows. */
  void begun(Delivery delivery) {
    inWork.incrementAndGet();
    if (delivery.count() > 1) {
      again.increment();
    } else {
      first.increment();
      long millis = System.currentTimeMillis() - delivery.stored().toEpochMilli();
      queued.record(Duration.ofMillis(Math.max(0, millis)));
    }
  }

  void settled(Settlement settlement) {
    settlements.get(label(settlement)).increment();
  }

  void done() {
    inWork.decrementAndGet();
  }
}
