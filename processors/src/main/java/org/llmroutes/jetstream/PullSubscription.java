package org.llmroutes.jetstream;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.impl.PromptDispatcherFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a durable consumer for messages over the pull protocol, never for more than there is room
 * for.
 *
 * <p>The server answers on one inbox: messages carry a reply subject to settle them, its own words
 * (time-out, heartbeat, consumer gone) do not, and that alone tells them apart. While requests are
 * open the server says every few seconds that it is alive; when it falls silent (a restart, a lost
 * connection) the requests are taken for lost and asked anew.
 *
 * @see <a href="https://docs.nats.io/reference/reference-protocols/nats_api_reference">NATS API
 *     reference, CONSUMER.MSG.NEXT</a>
 */
final class PullSubscription {
  private static final Logger LOG = LoggerFactory.getLogger(PullSubscription.class);
  private static final Duration EXPIRES = Duration.ofSeconds(30);
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);

  /** Messages asked for in advance at most, so that instances share what arrives. */
  private static final int MOST_ASKED = 64;

  /** Of one request; above the largest message, and a few requests below what the server holds. */
  private static final int MOST_BYTES = 12 << 20;

  private static final long SILENCE_NANOS = HEARTBEAT.multipliedBy(2).plusMillis(500).toNanos();

  private final Connection connection;
  private final String next;
  private final Consumer<Message> onMessage;
  private Dispatcher dispatcher;
  private String inbox;
  private int free;
  private int asked;
  private long lastSign;

  /**
   * @param room messages that may be in hand at the same time
   */
  PullSubscription(
      Connection connection, String stream, String durable, int room, Consumer<Message> onMessage) {
    this.connection = connection;
    this.next = "$JS.API.CONSUMER.MSG.NEXT." + stream + "." + durable;
    this.free = room;
    this.onMessage = onMessage;
  }

  synchronized void start() {
    dispatcher = connection.createDispatcher((PromptDispatcherFactory.Handler) this::receive);
    subscribe();
    ask();
  }

  /**
   * Stops asking; what the server had already sent still reaches the handler before this returns.
   */
  void stop() throws InterruptedException {
    Dispatcher stopping;
    synchronized (this) {
      stopping = dispatcher;
      dispatcher = null;
    }
    if (stopping != null && connection.getStatus() == Connection.Status.CONNECTED) {
      try {
        stopping.drain(Duration.ofSeconds(5)).get();
      } catch (java.util.concurrent.ExecutionException | RuntimeException e) {
        LOG.debug("The subscription was gone before it was drained", e);
      }
    }
  }

  /** There is room for one more again. */
  synchronized void release() {
    free++;
    askWhenHalfIsUsed();
  }

  /** One request for many messages, not one for each. */
  private void askWhenHalfIsUsed() {
    if (asked <= Math.min(free, MOST_ASKED) / 2) {
      ask();
    }
  }

  /** To be called about once a second: notices a silent server, and asks again after a refusal. */
  synchronized void tick() {
    if (dispatcher == null) {
      return;
    }
    if (asked > 0 && System.nanoTime() - lastSign > SILENCE_NANOS) {
      dispatcher.unsubscribe(inbox);
      subscribe();
    }
    askWhenHalfIsUsed();
  }

  private void subscribe() {
    asked = 0;
    inbox = connection.createInbox();
    dispatcher.subscribe(inbox);
  }

  private void receive(Message message) {
    if (message.getReplyTo() != null) {
      synchronized (this) {
        lastSign = System.nanoTime();
        asked = Math.max(0, asked - 1);
        free--;
        askWhenHalfIsUsed();
      }
      onMessage.accept(message);
    } else {
      answered(message);
    }
  }

  private synchronized void answered(Message word) {
    lastSign = System.nanoTime();
    int code = word.getStatus() == null ? 0 : word.getStatus().getCode();
    if (code == 100) {
      return;
    }
    String pending =
        word.getHeaders() == null ? null : word.getHeaders().getFirst("Nats-Pending-Messages");
    asked = pending == null ? 0 : Math.max(0, asked - Integer.parseInt(pending));
    if (code == 408 || code == 409 && word.getStatus().getMessage().contains("MaxBytes")) {
      ask();
    } else {
      LOG.debug("{}: {}", next, word.getStatus());
    }
  }

  private void ask() {
    int batch = Math.min(free, MOST_ASKED) - asked;
    if (batch <= 0 || dispatcher == null || connection.getStatus() != Connection.Status.CONNECTED) {
      return;
    }
    if (asked == 0) {
      lastSign = System.nanoTime();
    }
    asked += batch;
    String request =
        "{\"batch\":%d,\"max_bytes\":%d,\"expires\":%d,\"idle_heartbeat\":%d}"
            .formatted(batch, MOST_BYTES, EXPIRES.toNanos(), HEARTBEAT.toNanos());
    connection.publish(next, inbox, request.getBytes(StandardCharsets.US_ASCII));
  }
}
