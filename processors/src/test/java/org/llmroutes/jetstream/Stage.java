package org.llmroutes.jetstream;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.llmroutes.local.NatsServer;
import org.llmroutes.nats.NatsConnections;
import org.llmroutes.testing.Scratch;

/** A nats-server and Camel contexts, each with a connection of its own. */
final class Stage implements AutoCloseable {
  private static final AtomicInteger NAMES = new AtomicInteger();

  final NatsServer server = new NatsServer(Scratch.folder("nats"), 0);
  final Connection nats;
  private final List<CamelContext> contexts = new ArrayList<>();
  private final List<Connection> connections = new ArrayList<>();

  Stage() {
    server.start();
    nats = connect();
  }

  /** A name for a stream, its subject and its durable that no other test uses. */
  static String fresh() {
    return "s" + NAMES.getAndIncrement();
  }

  Connection connect() {
    try {
      Connection connection = NatsConnections.connect(server.url(), Map.of());
      connections.add(connection);
      return connection;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A work queue with the subjects {@code name.*}. */
  void stream(String name) throws IOException, JetStreamApiException {
    nats.jetStreamManagement()
        .addStream(
            StreamConfiguration.builder()
                .name(name)
                .subjects(name + ".*")
                .retentionPolicy(RetentionPolicy.WorkQueue)
                .build());
  }

  void consumer(String name, Duration ackWait) throws IOException, JetStreamApiException {
    nats.jetStreamManagement()
        .addOrUpdateConsumer(
            name, ConsumerConfiguration.builder().durable(name).ackWait(ackWait).build());
  }

  /** Stream and consumer in one. */
  String queue(Duration ackWait) throws IOException, JetStreamApiException {
    String name = fresh();
    stream(name);
    consumer(name, ackWait);
    return name;
  }

  void publish(String name, int messages) throws IOException, JetStreamApiException {
    for (int i = 0; i < messages; i++) {
      nats.jetStream().publish(name + ".m", Integer.toString(i).getBytes());
    }
  }

  /** A started context with one route, {@code work}, from the queue to the processor. */
  CamelContext consume(String name, String options, Processor processor) throws Exception {
    CamelContext camel = context();
    RouteBuilder.addRoutes(
        camel,
        route ->
            route
                .from("nats-jetstream:" + name + "/" + name + "?" + options)
                .routeId("work")
                .process(processor));
    camel.start();
    return camel;
  }

  CamelContext context() {
    CamelContext camel = new DefaultCamelContext();
    camel.getRegistry().bind("nats", connect());
    camel.getShutdownStrategy().setTimeout(20);
    contexts.add(camel);
    return camel;
  }

  /** Messages that the stream still holds. */
  long stored(String name) throws IOException, JetStreamApiException {
    return nats.jetStreamManagement().getStreamInfo(name).getStreamState().getMsgCount();
  }

  ConsumerInfo info(String name) throws IOException, JetStreamApiException {
    return nats.jetStreamManagement().getConsumerInfo(name, name);
  }

  @Override
  public void close() throws InterruptedException {
    contexts.forEach(CamelContext::stop);
    for (Connection connection : connections) {
      connection.close();
    }
    server.close();
  }
}
