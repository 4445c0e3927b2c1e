package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import java.time.Duration;
import java.util.Locale;

/** The dead letters of one kind of request, from now on. */
final class DeadLetters implements AutoCloseable {
  private final JetStreamSubscription subscription;

  /** Those of chat. */
  DeadLetters(Connection nats) {
    this(nats, "chat");
  }

  /**
   * @param family {@code chat}, {@code voice} or {@code pipeline}
   */
  DeadLetters(Connection nats, String family) {
    try {
      awaitSettled(nats, "AI_" + family.toUpperCase(Locale.ROOT));
      ConsumerConfiguration fromNow =
          ConsumerConfiguration.builder().deliverPolicy(DeliverPolicy.New).build();
      subscription =
          nats.jetStream()
              .subscribe(
                  "ai.dlq." + family,
                  PushSubscribeOptions.builder().configuration(fromNow).build());
      nats.flush(Duration.ofSeconds(5));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** An answer comes before its letter: those of tests before must not be taken for one's own. */
  private static void awaitSettled(Connection nats, String stream) {
    await()
        .until(
            () ->
                nats.jetStreamManagement().getStreamInfo(stream).getStreamState().getMsgCount()
                    == 0);
  }

  Message next() {
    try {
      Message letter = subscription.nextMessage(Duration.ofSeconds(20));
      assertThat(letter).as("a dead letter").isNotNull();
      letter.ack();
      return letter;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether there is a further one already. */
  boolean waiting() {
    return subscription.getPendingMessageCount() > 0;
  }

  @Override
  public void close() {
    subscription.unsubscribe();
  }
}
