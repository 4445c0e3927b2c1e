package org.llmroutes.jetstream;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Ready when the server knows the durable consumer; asks at most every two seconds, however often
 * it is probed.
 */
class ConsumerHealth extends AbstractHealthCheck {
  private static final Duration FRESH = Duration.ofSeconds(2);
  private static final Duration DEFAULT_ACK_WAIT = Duration.ofSeconds(30);

  private final JetStreamEndpoint endpoint;
  private ConsumerInfo info;
  private String problem = "not asked yet";
  private long asked = System.nanoTime() - FRESH.toNanos() - 1;

  ConsumerHealth(JetStreamEndpoint endpoint) {
    super("consumers", "nats-jetstream:" + endpoint.getStream() + "/" + endpoint.getDurable());
    this.endpoint = endpoint;
  }

  /** How long the server waits for a sign of work before it delivers again. */
  synchronized Duration ackWait() {
    if (info == null) {
      refresh();
    }
    Duration wait = info == null ? null : info.getConsumerConfiguration().getAckWait();
    return wait == null ? DEFAULT_ACK_WAIT : wait;
  }

  @Override
  protected synchronized void doCall(
      HealthCheckResultBuilder builder, Map<String, Object> options) {
    refresh();
    builder.detail("stream", endpoint.getStream()).detail("consumer", endpoint.getDurable());
    if (problem != null) {
      builder.message(problem).down();
    } else {
      builder
          .detail("pending", info.getNumPending())
          .detail("ack_pending", info.getNumAckPending())
          .detail("redelivered", info.getRedelivered())
          .up();
    }
  }

  private void refresh() {
    if (System.nanoTime() - asked < FRESH.toNanos()) {
      return;
    }
    asked = System.nanoTime();
    try {
      info =
          endpoint
              .connection()
              .jetStreamManagement()
              .getConsumerInfo(endpoint.getStream(), endpoint.getDurable());
      problem = null;
    } catch (JetStreamApiException e) {
      problem =
          e.getApiErrorCode() == 10059
              ? "Stream " + endpoint.getStream() + " does not exist; run setup"
              : "Consumer "
                  + endpoint.getStream()
                  + "/"
                  + endpoint.getDurable()
                  + " does not exist; run setup";
    } catch (IOException | RuntimeException e) {
      problem = "NATS does not answer: " + e.getMessage();
    }
  }
}
