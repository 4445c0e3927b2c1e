package org.llmroutes.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** How many messages are in hand, and that each is in one hand only. */
class WorkersTest {
  @AutoClose private static final Stage STAGE = new Stage();

  private final List<String> bodies = new CopyOnWriteArrayList<>();

  @Test
  void neverMoreThanThereAreWorkers() throws Exception {
    String queue = STAGE.queue(Duration.ofSeconds(60));
    Semaphore permits = new Semaphore(0);
    AtomicInteger inWork = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    STAGE.publish(queue, 20);
    STAGE.consume(
        queue,
        "workers=3",
        exchange -> {
          most.accumulateAndGet(inWork.incrementAndGet(), Math::max);
          permits.acquire();
          bodies.add(exchange.getMessage().getBody(String.class));
          inWork.decrementAndGet();
        });

    await().untilAsserted(() -> assertThat(inWork).hasValue(3));
    assertThat(STAGE.info(queue).getNumAckPending()).as("fetched").isEqualTo(3);
    assertThat(STAGE.info(queue).getNumPending()).as("left at the server").isEqualTo(17);
    permits.release();
    await().untilAsserted(() -> assertThat(STAGE.info(queue).getNumPending()).isEqualTo(16));
    permits.release(19);

    await().untilAsserted(() -> assertThat(STAGE.stored(queue)).isZero());
    assertThat(most).hasValue(3);
    assertThat(bodies).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void theServerIsAskedForMoreOnceHalfHasCome() throws Exception {
    String queue = STAGE.queue(Duration.ofSeconds(60));
    List<String> asked = new CopyOnWriteArrayList<>();
    STAGE
        .nats
        .createDispatcher(request -> asked.add(new String(request.getData(), UTF_8)))
        .subscribe("$JS.API.CONSUMER.MSG.NEXT." + queue + "." + queue);
    STAGE.nats.flush(Duration.ofSeconds(5));
    STAGE.consume(queue, "workers=8", exchange -> {});
    STAGE.publish(queue, 1);

    await()
        .during(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(asked).singleElement().asString().contains("\"batch\":8"));
    STAGE.publish(queue, 3);
    await().untilAsserted(() -> assertThat(asked).hasSize(2));
    assertThat(asked.get(1)).contains("\"batch\":4");
    await().untilAsserted(() -> assertThat(STAGE.stored(queue)).isZero());
  }

  @Test
  void longWorkIsNotDeliveredTwice() throws Exception {
    Duration ackWait = Duration.ofSeconds(1);
    String queue = STAGE.queue(ackWait);
    CountDownLatch done = new CountDownLatch(1);
    STAGE.consume(
        queue,
        "",
        exchange -> {
          bodies.add(exchange.getMessage().getBody(String.class));
          done.await();
        });
    STAGE.publish(queue, 1);

    await().untilAsserted(() -> assertThat(bodies).hasSize(1));
    await()
        .during(ackWait.multipliedBy(3))
        .untilAsserted(
            () -> {
              assertThat(bodies).hasSize(1);
              assertThat(STAGE.info(queue).getNumAckPending()).isOne();
              assertThat(STAGE.info(queue).getRedelivered()).isZero();
            });
    done.countDown();
    await().untilAsserted(() -> assertThat(STAGE.stored(queue)).isZero());
  }

  @Test
  void twoInstancesShareTheWork() throws Exception {
    String queue = STAGE.queue(Duration.ofSeconds(60));
    CountDownLatch both = new CountDownLatch(2);
    STAGE.consume(queue, "workers=4", counting(both));
    STAGE.consume(queue, "workers=4", counting(both));
    STAGE.publish(queue, 300);

    await().untilAsserted(() -> assertThat(STAGE.stored(queue)).isZero());
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
