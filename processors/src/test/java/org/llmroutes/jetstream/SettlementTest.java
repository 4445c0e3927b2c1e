package org.llmroutes.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a message, by the outcome of its exchange. */
class SettlementTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  @AutoClose private static final Stage STAGE = new Stage();

  private final List<Map<String, Object>> seen = new CopyOnWriteArrayList<>();
  private final List<Long> times = new CopyOnWriteArrayList<>();

  private void note(Exchange exchange) {
    times.add(System.nanoTime());
    seen.add(Map.copyOf(exchange.getMessage().getHeaders()));
  }

  private List<Object> headers(String name) {
    return seen.stream().map(headers -> headers.get(name)).toList();
  }

  @Test
  void acknowledgedWhenTheWorkIsDone() throws Exception {
    String queue = STAGE.queue(LONG);
    CountDownLatch done = new CountDownLatch(1);
    STAGE.consume(
        queue,
        "",
        exchange -> {
          note(exchange);
          done.await();
        });
    STAGE.publish(queue, 1);

    await().untilAsserted(() -> assertThat(seen).hasSize(1));
    assertThat(STAGE.stored(queue)).as("messages while in work").isOne();
    done.countDown();

    await().untilAsserted(() -> assertThat(STAGE.stored(queue)).isZero());
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0)).containsEntry("NatsSubject", queue + ".m").containsKey("NatsTimestamp");
  }

  @Test
  void aFailureComesBackLaterAndIsCounted() throws Exception {
    String queue = STAGE.queue(LONG);
    STAGE.consume(
        queue,
        "maxDeliver=3&backoff=100ms,400ms",
        exchange -> {
          note(exchange);
          if (seen.size() < 4) {
            throw new IllegalStateException("The test wants it to fail");
          }
        });
    STAGE.publish(queue, 1);

    await().untilAsserted(() -> assertThat(STAGE.stored(queue)).isZero());
    assertThat(headers("NatsDeliveryCount")).containsExactly(1L, 2L, 3L, 4L);
    assertThat(headers("NatsLastDelivery")).containsExactly(false, false, true, true);
    assertThat(Duration.ofNanos(times.get(1) - times.get(0))).isGreaterThan(Duration.ofMillis(99));
    assertThat(Duration.ofNanos(times.get(2) - times.get(1))).isGreaterThan(Duration.ofMillis(399));
    assertThat(Duration.ofNanos(times.get(3) - times.get(2))).isGreaterThan(Duration.ofMillis(399));
  }

  @Test
  void aRolledBackExchangeComesBack() throws Exception {
    String queue = STAGE.queue(LONG);
    STAGE.consume(
        queue,
        "backoff=50ms",
        exchange -> {
          note(exchange);
          exchange.setRollbackOnly(seen.size() == 1);
        });
    STAGE.publish(queue, 1);

    await().untilAsserted(() -> assertThat(STAGE.stored(queue)).isZero());
    assertThat(seen).hasSize(2);
  }

  @Test
  void theRouteCanSayThatAFailureIsFinal() throws Exception {
    String queue = STAGE.queue(LONG);
    STAGE.consume(
        queue,
        "",
        exchange -> {
          note(exchange);
          exchange.setProperty(JetStreamConstants.SETTLEMENT, "term");
          throw new IllegalStateException("The test wants it to fail");
        });
    STAGE.publish(queue, 1);

    await().untilAsserted(() -> assertThat(STAGE.stored(queue)).isZero());
    assertThat(seen).hasSize(1);
  }

  @Test
  void theRouteCanLeaveAMessageToAnotherDelivery() throws Exception {
    String queue = STAGE.queue(Duration.ofSeconds(1));
    STAGE.consume(
        queue,
        "",
        exchange -> {
          note(exchange);
          exchange.setProperty(JetStreamConstants.SETTLEMENT, seen.size() == 1 ? "none" : "ack");
        });
    STAGE.publish(queue, 1);

    await().untilAsserted(() -> assertThat(STAGE.stored(queue)).isZero());
    assertThat(headers("NatsDeliveryCount")).containsExactly(1L, 2L);
  }

  @Test
  void aSettlementThatDoesNotExistCostsNoWorker() throws Exception {
    String queue = STAGE.queue(Duration.ofSeconds(1));
    STAGE.consume(
        queue,
        "workers=1",
        exchange -> {
          note(exchange);
          exchange.setProperty(JetStreamConstants.SETTLEMENT, seen.size() == 1 ? "perhaps" : "ack");
        });
    STAGE.publish(queue, 1);

    await().untilAsserted(() -> assertThat(STAGE.stored(queue)).isZero());
    assertThat(headers("NatsDeliveryCount")).containsExactly(1L, 2L);
  }

  @Test
  void whatIsToRunWhenAMessageIsDoneRunsEvenWhereItCannotBeSettled() throws Exception {
    String queue = STAGE.queue(Duration.ofSeconds(1));
    AtomicInteger done = new AtomicInteger();
    STAGE.consume(
        queue,
        "",
        exchange -> {
          note(exchange);
          exchange.setProperty(JetStreamConstants.ON_DONE, (Runnable) () -> done.incrementAndGet());
          exchange.setProperty(JetStreamConstants.SETTLEMENT, seen.size() == 1 ? "perhaps" : "ack");
        });
    STAGE.publish(queue, 1);

    await().untilAsserted(() -> assertThat(STAGE.stored(queue)).isZero());
    await().untilAsserted(() -> assertThat(done).hasValue(2));
  }

  @ParameterizedTest
  @CsvSource({
    "backoff=soon, backoff: each must be a duration",
    "'backoff=1s,,2s', backoff: each must be a duration",
    "workers=0, workers must be above 0",
    "maxDeliver=0, maxDeliver must be above 0"
  })
  void anOptionThatCannotBeMeantIsRefusedAtTheStart(String options, String message)
      throws Exception {
    String queue = STAGE.queue(LONG);
    assertThatThrownBy(() -> STAGE.consume(queue, options, this::note))
        .hasStackTraceContaining(message);
  }
}
