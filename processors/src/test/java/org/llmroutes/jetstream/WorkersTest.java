package org.llmroutes.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How many messages are in hand, and that each is in one hand only. */
class WorkersTest {
  private static Stage stage;

  private final List<String> bodies = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() {
    stage = new Stage();
  }

  @AfterAll
  static void stop() throws Exception {
    stage.close();
  }

  @Test
  void neverMoreThanThereAreWorkers() throws Exception {
    String queue = stage.queue(Duration.ofSeconds(60));
    Semaphore permits = new Semaphore(0);
    AtomicInteger inWork = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    stage.publish(queue, 20);
    stage.consume(
        queue,
        "workers=3",
        exchange -> {
          most.accumulateAndGet(inWork.incrementAndGet(), Math::max);
          permits.acquire();
          bodies.add(exchange.getMessage().getBody(String.class));
          inWork.decrementAndGet();
        });

    await().untilAsserted(() -> assertThat(inWork).hasValue(3));
    assertThat(stage.info(queue).getNumAckPending()).as("fetched").isEqualTo(3);
    assertThat(stage.info(queue).getNumPending()).as("left at the server").isEqualTo(17);
    permits.release();
    await().untilAsserted(() -> assertThat(stage.info(queue).getNumPending()).isEqualTo(16));
    permits.release(19);

    await().untilAsserted(() -> assertThat(stage.stored(queue)).isZero());
    assertThat(most).hasValue(3);
    assertThat(bodies).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void longWorkIsNotDeliveredTwice() throws Exception {
    Duration ackWait = Duration.ofSeconds(1);
    String queue = stage.queue(ackWait);
    CountDownLatch done = new CountDownLatch(1);
    stage.consume(
        queue,
        "",
        exchange -> {
          bodies.add(exchange.getMessage().getBody(String.class));
          done.await();
        });
    stage.publish(queue, 1);

    await().untilAsserted(() -> assertThat(bodies).hasSize(1));
    await()
        .during(ackWait.multipliedBy(3))
        .untilAsserted(
            () -> {
              assertThat(bodies).hasSize(1);
              assertThat(stage.info(queue).getNumAckPending()).isOne();
              assertThat(stage.info(queue).getRedelivered()).isZero();
            });
    done.countDown();
    await().untilAsserted(() -> assertThat(stage.stored(queue)).isZero());
  }

  @Test
  void twoInstancesShareTheWork() throws Exception {
    String queue = stage.queue(Duration.ofSeconds(60));
    CountDownLatch both = new CountDownLatch(2);
    stage.consume(queue, "workers=4", counting(both));
    stage.consume(queue, "workers=4", counting(both));
    stage.publish(queue, 300);

    await().untilAsserted(() -> assertThat(stage.stored(queue)).isZero());
    assertThat(bodies).hasSize(300).doesNotHaveDuplicates();
  }

  /** Works only once every instance has something to work on. */
  private Processor counting(CountDownLatch instances) {
    AtomicInteger mine = new AtomicInteger();
    return exchange -> {
      if (mine.getAndIncrement() == 0) {
        instances.countDown();
      }
      assertThat(instances.await(10, TimeUnit.SECONDS)).isTrue();
      bodies.add(exchange.getMessage().getBody(String.class));
    };
  }
}
