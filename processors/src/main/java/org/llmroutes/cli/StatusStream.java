package org.llmroutes.cli;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.llmroutes.msgpack.MsgpackCodec;

/**
 * The statuses of one run, from the first one that is stored to the final one, whether NATS goes
 * away in between or not.
 */
final class StatusStream implements AutoCloseable {
  private static final String SUBJECTS = "ai.pipeline.status.";
  private static final Set<String> FINAL = Set.of("succeeded", "failed", "cancelled", "rejected");

  private final MsgpackCodec codec = new MsgpackCodec();
  private final Subscription subscription;

  private StatusStream(Subscription subscription) {
    this.subscription = subscription;
  }

  /** Of a trusted client: all statuses that are stored. */
  static StatusStream stored(Connection connection, String requestId)
      throws IOException, JetStreamApiException {
    return new StatusStream(
        connection
            .jetStream()
            .subscribe(
                SUBJECTS + requestId,
                PushSubscribeOptions.builder().ordered(true).stream("AI_RESPONSES").build()));
  }

  /** Of whoever asks: those from now on for a user who cannot read streams. */
  static StatusStream of(Caller caller, String requestId)
      throws IOException, JetStreamApiException {
    return caller.isOutside()
        ? new StatusStream(caller.connection().subscribe(caller.heardOn(SUBJECTS + requestId)))
        : stored(caller.connection(), requestId);
  }

  /**
   * Hands on every status; returns the final one.
   *
   * @param first how long to wait for the first one; a run may take its time
   * @throws TimeoutException where none came
   */
  Map<String, Object> follow(Duration first, Consumer<Map<String, Object>> onStatus)
      throws InterruptedException, TimeoutException {
    Message message = subscription.nextMessage(first);
    while (message != null) {
      Map<String, Object> status = codec.decodeMap(message.getData());
      onStatus.accept(status);
      if (FINAL.contains(status.get("status"))) {
        return status;
      }
      message = subscription.nextMessage(Duration.ZERO);
    }
    throw new TimeoutException(
        "No status within " + first.toSeconds() + " s; is ./dev up or ./dev run running?");
  }

  @Override
  public void close() {
    subscription.unsubscribe();
  }
}
