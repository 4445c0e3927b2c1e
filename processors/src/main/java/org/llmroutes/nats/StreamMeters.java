package org.llmroutes.nats;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What NATS says of the streams that {@code config/nats} defines and of their consumers, whoever
 * works on them: every instance can tell that nobody does. It is asked in the background, so that
 * nobody who looks waits for it; what is not known now is no number.
 */
public final class StreamMeters extends ServiceSupport implements MeterBinder {
  private static final Logger LOG = LoggerFactory.getLogger(StreamMeters.class);
  private static final Duration EVERY = Duration.ofSeconds(10);

  private final Connection connection;
  private final List<StreamDefinition> definitions;
  private final Map<String, StreamInfo> streams = new ConcurrentHashMap<>();
  private final Map<String, ConsumerInfo> consumers = new ConcurrentHashMap<>();
  private ScheduledExecutorService clock;

  public StreamMeters(Connection connection, List<StreamDefinition> definitions) {
    this.connection = connection;
    this.definitions = definitions;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("llm.routes.nats.connected", this, meters -> meters.isConnected() ? 1 : 0)
        .description("Whether there is a connection to NATS")
        .register(registry);
    for (StreamDefinition definition : definitions) {
      String stream = definition.name();
      Tags labels = Tags.of("stream", stream);
      stream(registry, labels, "bytes", "Bytes in the stream", StreamState::getByteCount);
      stream(registry, labels, "messages", "Messages in the stream", StreamState::getMsgCount);
      Gauge.builder("llm.routes.stream.limit.bytes", this, meters -> meters.limit(stream))
          .description("Bytes that the stream may have; infinite where it has no limit")
          .tags(labels)
          .register(registry);
      definition
          .consumers()
          .forEach(part -> bind(registry, stream, part.configuration().getDurable()));
    }
  }

  private void stream(
      MeterRegistry registry,
      Tags labels,
      String what,
      String description,
      ToDoubleFunction<StreamState> value) {
    String stream = labels.iterator().next().getValue();
    Gauge.builder("llm.routes.stream." + what, this, meters -> meters.of(stream, value))
        .description(description)
        .tags(labels)
        .register(registry);
  }

  private void bind(MeterRegistry registry, String stream, String consumer) {
    Tags labels = Tags.of("stream", stream, "consumer", consumer);
    String name = stream + "/" + consumer;
    Gauge.builder(
            "llm.routes.consumer.pending.messages",
            this,
            meters -> meters.of(name, ConsumerInfo::getNumPending, 0))
        .description("Messages that were not delivered yet")
        .tags(labels)
        .register(registry);
    Gauge.builder(
            "llm.routes.consumer.unacknowledged.messages",
            this,
            meters -> meters.of(name, ConsumerInfo::getNumAckPending, 0))
        .description("Messages that were delivered and not settled yet")
        .tags(labels)
        .register(registry);
    Gauge.builder(
            "llm.routes.consumer.redelivered.messages",
            this,
            meters -> meters.of(name, ConsumerInfo::getRedelivered, 0))
        .description("Those of the unacknowledged that were delivered more than once")
        .tags(labels)
        .register(registry);
  }

  private boolean isConnected() {
    return connection.getStatus() == Connection.Status.CONNECTED;
  }

  private double of(String stream, ToDoubleFunction<StreamState> value) {
    StreamInfo info = streams.get(stream);
    return info == null ? Double.NaN : value.applyAsDouble(info.getStreamState());
  }

  private double limit(String stream) {
    StreamInfo info = streams.get(stream);
    if (info == null) {
      return Double.NaN;
    }
    long most = info.getConfiguration().getMaxBytes();
    return most > 0 ? most : Double.POSITIVE_INFINITY;
  }

  private double of(String consumer, ToDoubleFunction<ConsumerInfo> value, double least) {
    ConsumerInfo info = consumers.get(consumer);
    return info == null ? Double.NaN : Math.max(least, value.applyAsDouble(info));
  }

  @Override
  protected void doStart() {
    clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "stream-meters");
              thread.setDaemon(true);
              return thread;
            });
    clock.scheduleWithFixedDelay(this::ask, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  protected void doStop() {
    clock.shutdownNow();
  }

  private void ask() {
    for (StreamDefinition definition : definitions) {
      try {
        if (!isConnected()) {
          throw new IOException("There is no connection");
        }
        ask(connection.jetStreamManagement(), definition);
      } catch (IOException | JetStreamApiException | RuntimeException e) {
        streams.remove(definition.name());
        consumers.keySet().removeIf(name -> name.startsWith(definition.name() + "/"));
        LOG.debug("Nothing is known of the stream {} now", definition.name(), e);
      }
    }
  }

  private void ask(JetStreamManagement management, StreamDefinition definition)
      throws IOException, JetStreamApiException {
    String stream = definition.name();
    streams.put(stream, management.getStreamInfo(stream));
    for (StreamDefinition.Part<ConsumerConfiguration> part : definition.consumers()) {
      String consumer = part.configuration().getDurable();
      consumers.put(stream + "/" + consumer, management.getConsumerInfo(stream, consumer));
    }
  }
}
