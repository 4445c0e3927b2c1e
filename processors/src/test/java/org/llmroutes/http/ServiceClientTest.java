package org.llmroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.llmroutes.testing.ScriptedService.status;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llmroutes.config.Resilience;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.testing.ScriptedService;

/** Circuit breaker and bulkhead, as the settings of the service say. */
@Timeout(20)
class ServiceClientTest {
  private final ScriptedService service =
      new ScriptedService("openai", "/work", request -> Map.of("done", true));

  @AfterEach
  void close() {
    service.close();
  }

  private ServiceClient client(int maxConcurrent, Duration open) {
    Resilience resilience = new Resilience(1, maxConcurrent, 2, 100, open);
    return new ServiceClient(
        new ServiceSettings(
            "service", service.url(), "openai", "", "", Duration.ofSeconds(10), resilience),
        "work");
  }

  private static void fails(ServiceClient client, ErrorCode code, String words) {
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> post(client, Deadline.never()))
        .withMessageContaining(words)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  private static void post(ServiceClient client, Deadline deadline) {
    client.post("/work", Map.of(), deadline);
  }

  @Test
  void aServiceThatKeepsFailingIsLeftAlone() {
    service.failing(2, status(500));
    ServiceClient client = client(4, Duration.ofHours(1));
    fails(client, ErrorCode.UNAVAILABLE, "HTTP 500");
    fails(client, ErrorCode.UNAVAILABLE, "HTTP 500");

    fails(client, ErrorCode.UNAVAILABLE, "left alone");

    assertThat(service.requests).hasSize(2);
  }

  @Test
  void andTriedAgainAfterAWhile() {
    service.failing(2, status(500));
    ServiceClient client = client(4, Duration.ofMillis(50));
    fails(client, ErrorCode.UNAVAILABLE, "HTTP 500");
    fails(client, ErrorCode.UNAVAILABLE, "HTTP 500");

    await().ignoreExceptions().untilAsserted(() -> post(client, Deadline.never()));
  }

  @Test
  void refusalsAreNoOutage() {
    service.failing(5, status(400));
    ServiceClient client = client(4, Duration.ofHours(1));

    for (int i = 0; i < 5; i++) {
      fails(client, ErrorCode.REJECTED, "the reason");
    }
    post(client, Deadline.never());
  }

  @Test
  void noMoreCallsAreMadeAtOnceThanTheServiceTakes() {
    CountDownLatch first = new CountDownLatch(1);
    service.failing(
        exchange -> {
          first.await();
          status(400).answer(exchange);
        });
    ServiceClient client = client(1, Duration.ofHours(1));
    CompletableFuture<Void> inWork =
        CompletableFuture.runAsync(() -> fails(client, ErrorCode.REJECTED, "the reason"));
    await().until(() -> service.requests.size() == 1);

    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> post(client, Deadline.in(Duration.ofMillis(100))))
        .withMessageContaining("no free place")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));

    assertThat(service.requests).hasSize(1);
    first.countDown();
    inWork.join();
    post(client, Deadline.never());
  }
}
