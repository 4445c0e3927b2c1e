package org.llmroutes.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A consumer is ready when the server knows it, and works as soon as that is so. */
class ConsumerHealthTest {
  @AutoClose private static final Stage STAGE = new Stage();

  private final List<String> bodies = new CopyOnWriteArrayList<>();

  private CamelContext consume(String name) throws Exception {
    return STAGE.consume(name, "", e -> bodies.add(e.getMessage().getBody(String.class)));
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
    STAGE.stream(name);
    awaitDown(camel, "Consumer " + name + "/" + name + " does not exist; run setup");
    STAGE.consumer(name, Duration.ofSeconds(60));
    awaitUp(camel);
    STAGE.publish(name, 1);
    await().untilAsserted(() -> assertThat(bodies).hasSize(1));
  }

  @Test
  void aConsumerDeletedWhileItRunsIsNoticed() throws Exception {
    String name = STAGE.queue(Duration.ofSeconds(60));
    CamelContext camel = consume(name);
    awaitUp(camel);

    STAGE.nats.jetStreamManagement().deleteConsumer(name, name);
    awaitDown(camel, "Consumer " + name + "/" + name + " does not exist; run setup");
    STAGE.consumer(name, Duration.ofSeconds(60));
    STAGE.publish(name, 1);
    await().untilAsserted(() -> assertThat(bodies).hasSize(1));
    awaitUp(camel);
  }
}
