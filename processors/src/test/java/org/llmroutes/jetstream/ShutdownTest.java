package org.llmroutes.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.support.DefaultConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.testing.Threads;

/** Ends and outages: nothing is lost, nothing is done twice. */
class ShutdownTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Stage stage = new Stage();
  private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void stop() throws Exception {
    stage.close();
  }

  /** Messages are noted when they come, and in work until this is over. */
  private CamelContext consumeUntil(CountDownLatch done, String queue) throws Exception {
    return stage.consume(
        queue,
        "",
        exchange -> {
          bodies.add(exchange.getMessage().getBody(String.class));
          done.await();
        });
  }

  @Test
  void waitsForWhatIsInWorkAndTakesNothingMore() throws Exception {
    String queue = stage.queue(LONG);
    CountDownLatch done = new CountDownLatch(1);
    CamelContext camel = consumeUntil(done, queue);
    stage.publish(queue, 1);
    await().untilAsserted(() -> assertThat(bodies).hasSize(1));

    CompletableFuture<Void> stopped = CompletableFuture.runAsync(camel::stop, Threads::start);
    await().until(() -> ((DefaultConsumer) camel.getRoute("work").getConsumer()).isSuspended());
    stage.publish(queue, 3);
    await()
        .during(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              assertThat(stopped).isNotDone();
              assertThat(bodies).hasSize(1);
            });
    done.countDown();

    assertThat(stopped).succeedsWithin(Duration.ofSeconds(10));
    assertThat(stage.stored(queue)).isEqualTo(3);
    await().untilAsserted(() -> assertThat(stage.info(queue).getNumAckPending()).isZero());
  }

  /** What was not handed back would come again only after a minute. */
  @Test
  void handsBackWhatWasNotBegun() throws Exception {
    int messages = 20_000;
    String queue = stage.queue(LONG);
    CamelContext camel =
        stage.consume(queue, "", e -> bodies.add(e.getMessage().getBody(String.class)));
    Connection publisher = stage.connect();
    CompletableFuture<Void> publishing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < messages; i++) {
                publisher.publish(queue + ".m", Integer.toString(i).getBytes());
              }
            },
            Threads::start);
    for (int i = 0; i < 20; i++) {
      int before = bodies.size();
      await().until(() -> bodies.size() > before || publishing.isDone());
      camel.getRouteController().suspendRoute("work");
      camel.getRouteController().resumeRoute("work");
    }

    assertThat(publishing).succeedsWithin(Duration.ofSeconds(30));
    await().untilAsserted(() -> assertThat(stage.stored(queue)).isZero());
    assertThat(bodies).hasSize(messages);
    assertThat(Set.copyOf(bodies)).as("different messages").hasSize(messages);
  }

  /** What was not handed back would come again only after a minute. */
  @Test
  void handsBackWhatWaitsAndWhatIsNotDoneInTime() throws Exception {
    String queue = stage.queue(LONG);
    CountDownLatch never = new CountDownLatch(1);
    CamelContext first = stage.consume(queue, "workers=1&maxWaiting=9", exchange -> never.await());
    stage.publish(queue, 5);
    await().untilAsserted(() -> assertThat(stage.info(queue).getNumAckPending()).isEqualTo(5));

    first.getShutdownStrategy().setTimeout(1);
    first.stop();
    stage.consume(queue, "", e -> bodies.add(e.getMessage().getBody(String.class)));

    await().untilAsserted(() -> assertThat(stage.stored(queue)).isZero());
    assertThat(bodies).containsExactlyInAnyOrder("0", "1", "2", "3", "4");
    never.countDown();
  }

  @Test
  void aRedeliveryToTheSameHandsIsNotWorkedOnTwice() throws Exception {
    Duration ackWait = Duration.ofSeconds(1);
    String queue = stage.queue(ackWait);
    CountDownLatch done = new CountDownLatch(1);
    consumeUntil(done, queue);
    stage.publish(queue, 1);
    await().untilAsserted(() -> assertThat(bodies).hasSize(1));

    stage.server.kill();
    await().pollDelay(ackWait.multipliedBy(2)).until(() -> true);
    stage.server.start();
    await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(stage.info(queue).getRedelivered()).isPositive());
    done.countDown();

    await().ignoreExceptions().untilAsserted(() -> assertThat(stage.stored(queue)).isZero());
    assertThat(bodies).containsExactly("0");
  }

  @Test
  void anIdleConsumerOutlivesARestartOfTheServer() throws Exception {
    String queue = stage.queue(LONG);
    stage.consume(queue, "", e -> bodies.add(e.getMessage().getBody(String.class)));
    await().untilAsserted(() -> assertThat(stage.info(queue).getNumWaiting()).isPositive());

    stage.server.kill();
    stage.server.start();
    await().ignoreExceptions().untilAsserted(() -> stage.publish(queue, 1));

    await().untilAsserted(() -> assertThat(bodies).isNotEmpty());
  }

  @Test
  void aRestartOfTheServerIsSurvived() throws Exception {
    String queue = stage.queue(LONG);
    CountDownLatch done = new CountDownLatch(1);
    consumeUntil(done, queue);
    stage.nats.jetStream().publish(queue + ".m", "held".getBytes());
    await().untilAsserted(() -> assertThat(bodies).containsExactly("held"));

    stage.server.kill();
    stage.server.start();
    done.countDown();
    await().ignoreExceptions().untilAsserted(() -> stage.publish(queue, 1));

    await().ignoreExceptions().untilAsserted(() -> assertThat(stage.stored(queue)).isZero());
    assertThat(bodies).contains("0").containsOnlyOnce("held");
  }
}
