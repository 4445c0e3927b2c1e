package org.llmroutes.jetstream;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.llmroutes.nats.AllowedHeaders;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on messages of one durable consumer with a bounded number of workers, subjects in turn, and
 * settles each by the outcome of its exchange. A message in hand is reported as in progress, so
 * that long work is not delivered twice. On suspend and stop nothing more is fetched, what has
 * arrived and was not begun goes back at once, and Camel's shutdown waits for what is in work.
 */
class JetStreamConsumer extends DefaultConsumer implements Suspendable {
  private static final Logger LOG = LoggerFactory.getLogger(JetStreamConsumer.class);

  private final JetStreamEndpoint endpoint;
  private final Map<Long, Delivery> inHand = new ConcurrentHashMap<>();
  private final FairQueue queue;
  private final ConsumerHealth health;
  private final DeliveryMeters meters;
  private final DeliverySettling settling;
  private ExecutorService workers;
  private ScheduledExecutorService clock;
  private PullSubscription subscription;
  private long lastHeartbeat;

  JetStreamConsumer(JetStreamEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.queue = new FairQueue(endpoint.getWorkers(), endpoint.workersOfOneSubject());
    this.health = new ConsumerHealth(endpoint);
    setHealthCheck(health);
    this.meters = DeliveryMeters.of(endpoint.getStream(), endpoint.getDurable());
    this.settling = new DeliverySettling(endpoint, meters);
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    String name = endpoint.getStream() + "/" + endpoint.getDurable();
    workers =
        getEndpoint().getCamelContext().getExecutorServiceManager().newCachedThreadPool(this, name);
    clock =
        getEndpoint()
            .getCamelContext()
            .getExecutorServiceManager()
            .newSingleThreadScheduledExecutor(this, name + "-clock");
    clock.scheduleWithFixedDelay(this::tick, 250, 250, TimeUnit.MILLISECONDS);
    doResume();
  }

  @Override
  protected void doResume() throws Exception {
    super.doResume();
    subscription =
        new PullSubscription(
            endpoint.connection(),
            endpoint.getStream(),
            endpoint.getDurable(),
            endpoint.getWorkers() + endpoint.getMaxWaiting(),
            this::received);
    subscription.start();
  }

  @Override
  protected void doSuspend() throws Exception {
    stopFetching();
    super.doSuspend();
  }

  /** What is still in work after Camel's shutdown has waited for it goes to somebody else. */
  @Override
  protected void doStop() throws Exception {
    stopFetching();
    super.doStop();
    inHand.values().forEach(this::handBack);
    getEndpoint().getCamelContext().getExecutorServiceManager().shutdown(workers);
    getEndpoint().getCamelContext().getExecutorServiceManager().shutdown(clock);
  }

  private void stopFetching() throws InterruptedException {
    subscription.stop();
    queue.drain().forEach(this::handBack);
  }

  private void handBack(Delivery delivery) {
    inHand.remove(delivery.sequence());
    delivery.nak(Duration.ZERO);
  }

  private void received(Message message) {
    Delivery delivery = new Delivery(endpoint.connection(), message);
    if (!isRunAllowed() || isSuspendingOrSuspended()) {
      delivery.nak(Duration.ZERO);
    } else if (inHand.putIfAbsent(delivery.sequence(), delivery) == null) {
      queue.add(delivery);
      dispatch();
    } else {
      // delivered again after an outage that swallowed the heartbeats, and still in hand here
      subscription.release();
    }
  }

  private void dispatch() {
    PullSubscription from = subscription;
    for (Optional<Delivery> next = queue.next(); next.isPresent(); next = queue.next()) {
      Delivery delivery = next.get();
      workers.execute(() -> work(delivery, from));
    }
  }

  private void work(Delivery delivery, PullSubscription from) {
    Exchange exchange = createExchange(false);
    meters.begun(delivery);
    boolean there = take(exchange, delivery);
    Span span = there ? span(exchange, delivery) : Span.NONE;
    try (Span.Scope ignored = span.enter()) {
      if (there) {
        process(exchange);
      }
      inHand.remove(delivery.sequence());
      settling.settle(exchange, delivery);
    } catch (RuntimeException e) {
      getExceptionHandler()
          .handleException("Message " + delivery.sequence() + " could not be settled", e);
    } finally {
      Runnable onDone = exchange.getProperty(JetStreamConstants.ON_DONE, Runnable.class);
      if (onDone != null) {
        onDone.run();
      }
      span.end();
      releaseExchange(exchange, false);
      meters.done();
      queue.done(delivery);
      from.release();
      dispatch();
    }
  }

  /** Whether the message is there still. */
  private boolean take(Exchange exchange, Delivery delivery) {
    try {
      boolean there = delivery.load();
      if (there) {
        describe(exchange, delivery);
      }
      return there;
    } catch (Exception e) {
      exchange.setException(e);
      return false;
    }
  }

  private void process(Exchange exchange) {
    try {
      getProcessor().process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
  }

  private Span span(Exchange exchange, Delivery delivery) {
    return Tracing.isOn()
        ? Tracing.receive(
                Span.Kind.CONSUMER,
                getRouteId() + " turn",
                name -> exchange.getMessage().getHeader(name, String.class))
            .set(Names.ROUTE, getRouteId())
            .set(Names.MESSAGING_SYSTEM, "nats")
            .set(Names.MESSAGING_OPERATION, "process")
            .set(Names.MESSAGING_DESTINATION, delivery.subject())
            .set(Names.MESSAGING_SIZE, delivery.bytes())
            .set(Names.DELIVERY, delivery.count())
        : Span.NONE;
  }

  private void describe(Exchange exchange, Delivery delivery) {
    org.apache.camel.Message in = exchange.getMessage();
    in.setBody(delivery.data());
    Headers headers = delivery.headers();
    if (headers != null) {
      headers.forEach(
          (name, values) -> {
            String value = AllowedHeaders.value(name, values);
            if (AllowedHeaders.inbound(name, value)) {
              in.setHeader(name, value);
            }
          });
    }
    in.setHeader(JetStreamConstants.SUBJECT, delivery.subject());
    in.setHeader(JetStreamConstants.STREAM, endpoint.getStream());
    in.setHeader(JetStreamConstants.STREAM_SEQUENCE, delivery.sequence());
    in.setHeader(JetStreamConstants.DELIVERY_COUNT, delivery.count());
    in.setHeader(JetStreamConstants.TIMESTAMP, delivery.stored());
    in.setHeader(JetStreamConstants.LAST_DELIVERY, delivery.count() >= endpoint.getMaxDeliver());
  }

  private void tick() {
    try {
      subscription.tick();
      long now = System.nanoTime();
      if (now - lastHeartbeat > health.ackWait().toNanos() / 3) {
        lastHeartbeat = now;
        inHand.values().forEach(Delivery::inProgress);
      }
    } catch (RuntimeException e) {
      LOG.debug("No connection to fetch over; trying again", e);
    }
  }
}
