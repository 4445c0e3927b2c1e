package org.llmroutes.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A consumer is ready when the server knows it, and works as soon as that is so. */
class ConsumerHealthTest {
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

  private CamelContext consume(String name) throws Exception {
    return stage.consume(name, "", e -> bodies.add(e.getMessage().getBody(String.class)));
  }

  private static HealthCheck.Result health(CamelContext camel) {
    return ((HealthCheckAware) camel.getRoute("work").getConsumer()).getHealthCheck().call();
  }

  private static void awaitDown(CamelContext camel, String message) {
    await()
        .untilAsserted(
            () -> {
              assertThat(health(camel).getState()).isEqualTo(HealthCheck.State.DOWN);
              assertThat(health(camel).getMessage()).hasValue(message);
            });
  }

  private static void awaitUp(CamelContext camel) {
    await()
        .untilAsserted(() -> assertThat(health(camel).getState()).isEqualTo(HealthCheck.State.UP));
  }

  @Test
  void namesWhatIsMissingAndRecovers() throws Exception {
    String name = Stage.fresh();
    CamelContext camel = consume(name);

    awaitDown(camel, "Stream " + name + " does not exist; run setup");
    stage.stream(name);
    awaitDown(camel, "Consumer " + name + "/" + name + " does not exist; run setup");
    stage.consumer(name, Duration.ofSeconds(60));
    awaitUp(camel);
    stage.publish(name, 1);
    await().untilAsserted(() -> assertThat(bodies).hasSize(1));
  }

  @Test
  void aConsumerDeletedWhileItRunsIsNoticed() throws Exception {
    String name = stage.queue(Duration.ofSeconds(60));
    CamelContext camel = consume(name);
    awaitUp(camel);

    stage.nats.jetStreamManagement().deleteConsumer(name, name);
    awaitDown(camel, "Consumer " + name + "/" + name + " does not exist; run setup");
    stage.consumer(name, Duration.ofSeconds(60));
    stage.publish(name, 1);
    await().untilAsserted(() -> assertThat(bodies).hasSize(1));
    awaitUp(camel);
  }
}
