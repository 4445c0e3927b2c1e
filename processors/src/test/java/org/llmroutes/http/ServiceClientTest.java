package org.llmroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.llmroutes.testing.ScriptedService.dropped;
import static org.llmroutes.testing.ScriptedService.saying;
import static org.llmroutes.testing.ScriptedService.status;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.config.Resilience;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.testing.ScriptedService;

/** Attempts, circuit breaker and bulkhead, as the settings of the service say. */
@Timeout(20)
class ServiceClientTest {
  private final ScriptedService service =
      new ScriptedService("openai", "/work", request -> Map.of("done", true));

  @AfterEach
  void close() {
    service.close();
  }

  private ServiceClient client(int maxConcurrent, Duration open) {
    return client(new Resilience(1, maxConcurrent, 2, 100, open), Duration.ofSeconds(10));
  }

  private ServiceClient client(Resilience resilience, Duration timeout) {
    return new ServiceClient(
        new ServiceSettings("service", service.url(), "openai", "", "", timeout, 0, resilience),
        "work");
  }

  /** For what cannot be done without; it is left alone for {@code open} after two failures. */
  private ServiceClient patient(Duration open) {
    return client(
        new Resilience(Resilience.AS_LONG_AS_TIME_LASTS, 4, 2, 100, open), Duration.ofMillis(100));
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

    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> post(client, Deadline.in(Duration.ofSeconds(10))))
        .withMessageContaining("left alone");

    assertThat(service.requests).hasSize(2);
  }

  @Test
  void anAnswerThatDoesNotEndIsNotKeptInMemory() {
    String text = "x".repeat(33 << 20);
    try (ScriptedService endless =
        new ScriptedService("openai", "/work", request -> Map.of("text", text))) {
      ServiceSettings settings =
          new ServiceSettings(
              "service",
              endless.url(),
              "openai",
              "",
              "",
              Duration.ofSeconds(10),
              0,
              Resilience.attempts(3));

      fails(new ServiceClient(settings, "work"), ErrorCode.UNAVAILABLE, "more than 32 MiB");

      assertThat(endless.requests).hasSize(1);
    }
  }

  @Test
  void noMoreIsSentOfWhatIsRefusedMeanwhile() throws Exception {
    int length = 32 << 20;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Long> taken = CompletableFuture.supplyAsync(() -> refuse(server));
      ServiceSettings settings =
          new ServiceSettings(
              "service",
              "http://127.0.0.1:" + server.getLocalPort(),
              "openai",
              "",
              "",
              Duration.ofSeconds(10),
              0,
              Resilience.attempts(1));
      ServiceClient client = new ServiceClient(settings, "work");

      assertThatExceptionOfType(StepException.class)
          .isThrownBy(() -> client.post("/", Map.of("text", "x".repeat(length)), Deadline.never()))
          .withMessageContaining("HTTP 413");

      assertThat(taken.get()).isBetween(1L, length - 1L);
    }
  }

  /** Answers at once, then reads on; the bytes that came. */
  private static long refuse(ServerSocket server) {
    long taken = 0;
    try (Socket socket = server.accept()) {
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[8192];
      taken = in.read(buffer);
      socket
          .getOutputStream()
          .write("HTTP/1.1 413 Too Long\r\nContent-Length: 0\r\n\r\n".getBytes());
      for (int read = 1; read > 0; taken += read) {
        read = Math.max(0, in.read(buffer));
      }
    } catch (IOException e) {
      // the client has closed it with bytes under way
    }
    return taken;
  }

  @Test
  void andTriedAgainAfterAWhile() {
    service.failing(2, status(500));
    ServiceClient client = client(4, Duration.ofMillis(50));
    fails(client, ErrorCode.UNAVAILABLE, "HTTP 500");
    fails(client, ErrorCode.UNAVAILABLE, "HTTP 500");

    await()
        .ignoreExceptions()
        .untilAsserted(() -> post(client, Deadline.in(Duration.ofSeconds(10))));
  }

  @Test
  void workThatNobodyWaitsForWaits() {
    service.failing(2, status(500));
    ServiceClient client = client(4, Duration.ofMillis(300));
    fails(client, ErrorCode.UNAVAILABLE, "HTTP 500");
    fails(client, ErrorCode.UNAVAILABLE, "HTTP 500");

    post(client, Deadline.never());
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

  @Test
  void aRequestCountsOnceHoweverOftenItIsTried() {
    service.failing(3, status(500));
    ServiceClient client =
        client(new Resilience(3, 4, 2, 100, Duration.ofHours(1)), Duration.ofSeconds(10));
    fails(client, ErrorCode.UNAVAILABLE, "HTTP 500");

    post(client, Deadline.never());
  }

  @Test
  void whatCannotBeDoneWithoutIsTriedAsLongAsTimeLasts() {
    service.failing(status(503), dropped(), status(429), status(502));

    post(patient(Duration.ofHours(1)), Deadline.in(Duration.ofSeconds(15)));

    assertThat(service.requests).hasSize(5);
  }

  @Test
  void andNoLonger() {
    service.failing(1000, status(503));

    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> post(patient(Duration.ofHours(1)), Deadline.in(Duration.ofMillis(400))))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }

  @Test
  void itIsWaitedForWhereItWasLeftAlone() {
    service.failing(2, status(500));
    ServiceClient client = patient(Duration.ofMillis(500));
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(StepException.class)
          .isThrownBy(() -> post(client, Deadline.in(Duration.ofMillis(90))));
    }

    post(client, Deadline.in(Duration.ofSeconds(15)));

    assertThat(service.requests).hasSize(3);
  }

  @Test
  void aModelThatIsBeingLoadedIsNotAskedASecondTime() throws Exception {
    CountDownLatch loaded = new CountDownLatch(1);
    service.failing(
        exchange -> {
          // far beyond the timeout of the settings
          loaded.await(1, TimeUnit.SECONDS);
          ScriptedService.body("{}").answer(exchange);
        });

    post(patient(Duration.ofHours(1)), Deadline.in(Duration.ofSeconds(15)));

    assertThat(service.requests).hasSize(1);
  }

  @Test
  void butAnAnswerThatStopsIs() {
    service.failing(ScriptedService.stalling());

    post(patient(Duration.ofHours(1)), Deadline.in(Duration.ofSeconds(15)));

    assertThat(service.requests).hasSize(2);
  }

  @Test
  void isLeftAloneForAsLongAsItSays() {
    service.failing(status(503, "1"));
    long start = System.nanoTime();

    post(patient(Duration.ofHours(1)), Deadline.in(Duration.ofSeconds(15)));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void isNotWaitedForBeyondTheDeadline() {
    service.failing(status(429, "3600"));

    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> post(patient(Duration.ofHours(1)), Deadline.in(Duration.ofMinutes(10))))
        .withMessageContaining("HTTP 429");
    assertThat(service.requests).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "500, input is too large to process. increase the physical batch size",
    "500, failed to encode response: json: unsupported value: NaN",
    "501, This server does not support embeddings",
    "307, moved",
  })
  void whatIsOfThisRequestIsNoOutage(int status, String reason) {
    service.failing(2, saying(status, reason));
    ServiceClient client = client(4, Duration.ofHours(1));
    fails(client, ErrorCode.REJECTED, reason);
    fails(client, ErrorCode.REJECTED, reason);

    post(client, Deadline.never());
  }

  @Test
  void aModelThatIsLoadingMayBeSaidWithAnyStatus() {
    service.failing(saying(400, "Model is loading"));

    post(patient(Duration.ofHours(1)), Deadline.in(Duration.ofSeconds(15)));
  }
}
