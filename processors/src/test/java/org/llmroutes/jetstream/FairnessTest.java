package org.llmroutes.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Subjects take turns, however much is queued of one. */
class FairnessTest {
  @AutoClose private static final Stage STAGE = new Stage();

  private final List<String> begun = new CopyOnWriteArrayList<>();
  private final Semaphore permits = new Semaphore(0);

  private Processor holding() {
    return exchange -> {
      String subject = exchange.getMessage().getHeader(JetStreamConstants.SUBJECT, String.class);
      begun.add(subject.substring(subject.indexOf('.') + 1));
      permits.acquire();
    };
  }

  private void publish(String queue, String sender, int messages) throws Exception {
    for (int i = 0; i < messages; i++) {
      STAGE.nats.jetStream().publish(queue + "." + sender, new byte[] {1});
    }
  }

  @Test
  void aFewOfManyDoNotWaitForTheMany() throws Exception {
    String queue = STAGE.queue(Duration.ofSeconds(60));
    publish(queue, "many", 500);
    publish(queue, "few", 2);
    STAGE.consume(queue, "workers=1&maxWaiting=2000", holding());

    await().untilAsserted(() -> assertThat(STAGE.info(queue).getNumPending()).isZero());
    permits.release(3);

    await().untilAsserted(() -> assertThat(begun).hasSize(4));
    assertThat(begun).containsExactly("many", "few", "many", "few");
    permits.release(500);
    await().untilAsserted(() -> assertThat(STAGE.stored(queue)).isZero());
    assertThat(begun).hasSize(502);
  }

  @Test
  void noSubjectTakesAllWorkers() throws Exception {
    String queue = STAGE.queue(Duration.ofSeconds(60));
    publish(queue, "many", 20);
    STAGE.consume(queue, "workers=4&workersPerSubject=2&maxWaiting=50", holding());
    await().untilAsserted(() -> assertThat(STAGE.info(queue).getNumAckPending()).isEqualTo(20));
    assertThat(begun).containsExactly("many", "many");

    publish(queue, "few", 1);

    await().untilAsserted(() -> assertThat(begun).containsExactly("many", "many", "few"));
    permits.release(21);
    await().untilAsserted(() -> assertThat(STAGE.stored(queue)).isZero());
  }

  @Test
  void whatDoesNotWaitInMemoryWaitsInTheStream() throws Exception {
    String queue = STAGE.queue(Duration.ofSeconds(60));
    publish(queue, "many", 30);
    STAGE.consume(queue, "workers=2&maxWaiting=5", holding());

    await().untilAsserted(() -> assertThat(STAGE.info(queue).getNumAckPending()).isEqualTo(7));
    assertThat(STAGE.info(queue).getNumPending()).isEqualTo(23);
    permits.release(30);
    await().untilAsserted(() -> assertThat(STAGE.stored(queue)).isZero());
  }

  /** More than is kept in memory of what waits: the rest is read again when its turn comes. */
  @Test
  void largeMessagesArriveWholeHoweverLongTheyWait() throws Exception {
    String queue = STAGE.queue(Duration.ofSeconds(60));
    int size = 900_000;
    AtomicInteger whole = new AtomicInteger();
    for (int i = 0; i < 30; i++) {
      byte[] payload = new byte[size];
      payload[size - 1] = (byte) i;
      STAGE.nats.jetStream().publish(queue + ".m", payload);
    }
    STAGE.consume(
        queue,
        "workers=1&maxWaiting=50",
        exchange -> {
          permits.acquire();
          byte[] payload = exchange.getMessage().getBody(byte[].class);
          if (payload.length == size && payload[size - 1] == whole.get()) {
            whole.incrementAndGet();
          }
        });
    await().untilAsserted(() -> assertThat(STAGE.info(queue).getNumAckPending()).isEqualTo(30));
    permits.release(30);

    await().untilAsserted(() -> assertThat(STAGE.stored(queue)).isZero());
    assertThat(whole).hasValue(30);
  }

  @Test
  void aMessageThatWasDeletedWhileItWaitedIsPassedOver() throws Exception {
    String queue = STAGE.queue(Duration.ofSeconds(60));
    for (int i = 0; i < 30; i++) {
      STAGE.nats.jetStream().publish(queue + ".m", new byte[900_000]);
    }
    STAGE.consume(queue, "workers=2&workersPerSubject=1&maxWaiting=50", holding());
    // What is sent last begins once all before it is queued.
    publish(queue, "last", 1);
    await().untilAsserted(() -> assertThat(begun).containsExactlyInAnyOrder("m", "last"));

    STAGE.nats.jetStreamManagement().deleteMessage(queue, 30);
    permits.release(31);

    await().untilAsserted(() -> assertThat(STAGE.info(queue).getNumAckPending()).isZero());
    assertThat(begun).hasSize(30);
  }
}
