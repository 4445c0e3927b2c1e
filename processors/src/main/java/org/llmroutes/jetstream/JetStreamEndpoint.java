package org.llmroutes.jetstream;

import io.nats.client.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.llmroutes.config.Durations;

/**
 * Consume from and publish to NATS JetStream, with pull, settlement by outcome and deterministic
 * message ids.
 *
 * <p>Streams and durable consumers must exist; an endpoint never creates them.
 */
@UriEndpoint(
    firstVersion = "0.1.0",
    scheme = "nats-jetstream",
    title = "NATS JetStream",
    syntax = "nats-jetstream:stream/durable",
    category = {Category.MESSAGING},
    headersClass = JetStreamConstants.class)
public class JetStreamEndpoint extends DefaultEndpoint {
  @UriPath(description = "Name of the stream")
  @Metadata(required = true)
  private final String stream;

  @UriPath(description = "Name of the durable pull consumer; none for a producer")
  private final String durable;

  @UriParam(
      label = "consumer",
      defaultValue = "16",
      description = "Messages worked on at the same time")
  private int workers = 16;

  @UriParam(
      label = "consumer",
      description =
          "Messages of one subject worked on at the same time, so that one sender does not take all workers; as many as there are workers by default")
  private int workersPerSubject;

  @UriParam(
      label = "consumer",
      defaultValue = "0",
      description =
          "Messages fetched beyond those in work, so that subjects can take turns; all others wait in the stream")
  private int maxWaiting;

  @UriParam(
      label = "consumer",
      defaultValue = "5",
      description = "Deliveries of a message after which it is given up")
  private int maxDeliver = 5;

  @UriParam(
      label = "consumer",
      defaultValue = "1s,5s,15s,30s",
      description =
          "Delays before a failed message is delivered again; the last one holds for all further deliveries")
  private String backoff = "1s,5s,15s,30s";

  private List<Duration> delays = durations(backoff);

  @UriParam(
      label = "producer",
      description = "Subject to publish on; the header NatsPublishSubject where it is not set")
  private String subject;

  @UriParam(
      label = "producer",
      defaultValue = "5s",
      javaType = "java.time.Duration",
      description = "How long to wait for the acknowledgement of the stream")
  private long ackTimeout = 5000;

  JetStreamEndpoint(String uri, JetStreamComponent component, String stream, String durable) {
    super(uri, component);
    this.stream = stream;
    this.durable = durable;
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    if (durable == null) {
      throw new IllegalArgumentException(
          "A consumer needs a durable: nats-jetstream:" + stream + "/DURABLE");
    }
    JetStreamConsumer consumer = new JetStreamConsumer(this, processor);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  public Producer createProducer() {
    return new JetStreamProducer(this);
  }

  Connection connection() {
    Connection connection = ((JetStreamComponent) getComponent()).getConnection();
    if (connection == null) {
      throw new IllegalStateException("No io.nats.client.Connection is bound in the registry");
    }
    return connection;
  }

  /** The delay before the next delivery after so many. */
  Duration delayAfter(long deliveries) {
    return delays.get((int) Math.min(deliveries, delays.size()) - 1);
  }

  private static List<Duration> durations(String backoff) {
    try {
      return Arrays.stream(backoff.split(",")).map(text -> Durations.parse(text.strip())).toList();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("backoff: each " + e.getMessage(), e);
    }
  }

  private static int positive(String option, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(option + " must be above 0, is " + value);
    }
    return value;
  }

  public String getStream() {
    return stream;
  }

  public String getDurable() {
    return durable;
  }

  public int getWorkers() {
    return workers;
  }

  public void setWorkers(int workers) {
    this.workers = positive("workers", workers);
  }

  public int getWorkersPerSubject() {
    return workersPerSubject;
  }

  public void setWorkersPerSubject(int workersPerSubject) {
    this.workersPerSubject = positive("workersPerSubject", workersPerSubject);
  }

  int workersOfOneSubject() {
    return workersPerSubject == 0 ? workers : workersPerSubject;
  }

  public int getMaxWaiting() {
    return maxWaiting;
  }

  public void setMaxWaiting(int maxWaiting) {
    if (maxWaiting < 0) {
      throw new IllegalArgumentException("maxWaiting must not be below 0, is " + maxWaiting);
    }
    this.maxWaiting = maxWaiting;
  }

  public int getMaxDeliver() {
    return maxDeliver;
  }

  public void setMaxDeliver(int maxDeliver) {
    this.maxDeliver = positive("maxDeliver", maxDeliver);
  }

  public String getBackoff() {
    return backoff;
  }

  public void setBackoff(String backoff) {
    this.delays = durations(backoff);
    this.backoff = backoff;
  }

  public String getSubject() {
    return subject;
  }

  public void setSubject(String subject) {
    this.subject = subject;
  }

  public long getAckTimeout() {
    return ackTimeout;
  }

  public void setAckTimeout(long ackTimeout) {
    this.ackTimeout = ackTimeout;
  }
}
