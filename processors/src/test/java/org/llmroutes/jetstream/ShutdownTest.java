package org.llmroutes.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.support.DefaultConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ends and outages: nothing is lost, nothing is done twice. */
class ShutdownTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Stage stage = new Stage();
  private final List<String> bodies = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() throws Exception {
    stage.close();
  }

  @Test
  void waitsForWhatIsInWorkAndTakesNothingMore() throws Exception {
    String queue = stage.queue(LONG);
    CountDownLatch done = new CountDownLatch(1);
    CamelContext camel =
        stage.consume(
            queue,
            "",
            exchange -> {
              bodies.add(exchange.getMessage().getBody(String.class));
              done.await();
            });
    stage.publish(queue, 1);
    await().untilAsserted(() -> assertThat(bodies).hasSize(1));

    CompletableFuture<Void> stopped = CompletableFuture.runAsync(camel::stop);
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
    String queue = stage.queue(LONG);
    CamelContext first =
        stage.consume(queue, "", e -> bodies.add(e.getMessage().getBody(String.class)));
    CompletableFuture<Void> publishing =
        CompletableFuture.runAsync(
            () -> {
              try {
                stage.publish(queue, 2000);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    await().untilAsserted(() -> assertThat(bodies).hasSizeGreaterThan(50));
    first.stop();
    int before = bodies.size();
    assertThat(before).as("done by the first instance").isLessThan(2000);
    stage.consume(queue, "", e -> bodies.add(e.getMessage().getBody(String.class)));

    assertThat(publishing).succeedsWithin(Duration.ofSeconds(30));
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(stage.stored(queue)).isZero());
    assertThat(bodies).hasSize(2000).doesNotHaveDuplicates();
  }

  @Test
  void aRestartOfTheServerIsSurvived() throws Exception {
    String queue = stage.queue(LONG);
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

    stage.server.kill();
    stage.server.start();
    done.countDown();
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .untilAsserted(() -> stage.publish(queue, 1));

    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(stage.stored(queue)).isZero());
    assertThat(bodies).as("the one in work is not repeated").hasSize(2);
  }
}
