package org.llmroutes.jetstream;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.llmroutes.nats.NatsHealthCheck;

/** Ready when the server knows the durable consumer. */
class ConsumerHealth extends NatsHealthCheck {
  private static final Duration DEFAULT_ACK_WAIT = Duration.ofSeconds(30);
  private static final int STREAM_NOT_FOUND = 10059;
  private static final int CONSUMER_NOT_FOUND = 10014;

  private final JetStreamEndpoint endpoint;
  private volatile ConsumerInfo info;

  ConsumerHealth(JetStreamEndpoint endpoint) {
    super(
        "consumers",
        "nats-jetstream:" + endpoint.getStream() + "/" + endpoint.getDurable(),
        endpoint::connection);
    this.endpoint = endpoint;
  }

  /** How long the server waits for a sign of work before it delivers again. */
  Duration ackWait() {
    if (info == null) {
      refresh();
    }
    Duration wait = info == null ? null : info.getConsumerConfiguration().getAckWait();
    return wait == null ? DEFAULT_ACK_WAIT : wait;
  }

  @Override
  protected String ask(Connection nats) throws IOException, JetStreamApiException {
    try {
      info =
          nats.jetStreamManagement().getConsumerInfo(endpoint.getStream(), endpoint.getDurable());
      return null;
    } catch (JetStreamApiException e) {
      return switch (e.getApiErrorCode()) {
        case STREAM_NOT_FOUND -> "Stream " + endpoint.getStream() + " does not exist; run setup";
        case CONSUMER_NOT_FOUND ->
            "Consumer %s/%s does not exist; run setup"
                .formatted(endpoint.getStream(), endpoint.getDurable());
        default -> throw e;
      };
    }
  }

  @Override
  protected Map<String, Object> details() {
    return Map.of(
        "stream", endpoint.getStream(),
        "consumer", endpoint.getDurable(),
        "pending", info.getNumPending(),
        "ack_pending", info.getNumAckPending(),
        "redelivered", info.getRedelivered());
  }
}
