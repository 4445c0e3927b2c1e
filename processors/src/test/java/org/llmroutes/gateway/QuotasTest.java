package org.llmroutes.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llmroutes.config.ValkeySettings;
import org.llmroutes.local.Ports;
import org.llmroutes.local.ValkeyServer;
import org.llmroutes.testing.Scratch;
import org.llmroutes.valkey.ValkeyClient;

/** What one user may ask for, counted in the real Valkey. */
class QuotasTest {
  private static final ValkeyServer VALKEY = new ValkeyServer(Scratch.folder("valkey"), 0);

  private final String user = UUID.randomUUID().toString();
  private Quotas quotas;
  private Quotas other;

  @BeforeAll
  static void start() {
    VALKEY.start();
  }

  @AfterAll
  static void stop() {
    VALKEY.close();
  }

  @AfterEach
  void close() {
    quotas.close();
    other.close();
  }

  /** On two instances. */
  private void limit(int turnsPerMinute, int turnsAtOnce, long audioBytes) {
    Quotas.Limits limits =
        new Quotas.Limits(turnsPerMinute, turnsAtOnce, audioBytes, 5, Duration.ofMinutes(2));
    quotas = new Quotas(new ValkeyClient(ValkeySettings.at(VALKEY.url())), limits);
    other = new Quotas(new ValkeyClient(ValkeySettings.at(VALKEY.url())), limits);
  }

  private static HttpProblem refusal(Quotas quotas, String user, Map<String, Object> request) {
    return catchThrowableOfType(
        HttpProblem.class,
        () -> quotas.admit(user, UUID.randomUUID().toString(), request, Quotas.Kind.TURN));
  }

  @Test
  void limitsTheTurnsOfAMinuteOverInstances() {
    limit(3, 0, 0);

    // twice the limit and one more, since a minute may end meanwhile
    HttpProblem refused =
        IntStream.range(0, 7)
            .mapToObj(n -> refusal(n % 2 == 0 ? quotas : other, user, Map.of()))
            .filter(problem -> problem != null)
            .findFirst()
            .orElseThrow();

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.code()).isEqualTo("over_quota");
    assertThat(Integer.parseInt(refused.headers().get("Retry-After"))).isBetween(1, 60);
  }

  @Test
  void countsCallsOfModelsWithoutHoldingAPlaceForThem() {
    limit(3, 1, 0);
    int refused = 0;
    for (int i = 0; i < 7; i++) {
      try {
        quotas.admit(user, UUID.randomUUID().toString(), Map.of(), Quotas.Kind.CALL);
      } catch (HttpProblem e) {
        assertThat(e.getMessage()).contains("3 requests in a minute");
        refused++;
      }
    }

    assertThat(refused).isPositive();
    assertThatCode(() -> quotas.admit(user, "look", Map.of(), Quotas.Kind.LOOK))
        .doesNotThrowAnyException();
  }

  @Test
  void limitsNobodyForSomebodyElse() {
    limit(0, 1, 0);
    assertThat(refusal(quotas, user, Map.of())).isNull();

    assertThat(refusal(quotas, UUID.randomUUID().toString(), Map.of())).isNull();
    assertThat(refusal(quotas, user, Map.of())).isNotNull();
  }

  @Test
  void limitsTurnsInWorkUntilTheyHaveTheirAnswers() {
    limit(0, 2, 0);
    quotas.admit(user, "a", Map.of(), Quotas.Kind.TURN);
    other.admit(user, "b", Map.of(), Quotas.Kind.TURN);
    assertThat(refusal(quotas, user, Map.of()).status()).isEqualTo(429);

    other.release(user, "a");

    await().untilAsserted(() -> assertThat(refusal(quotas, user, Map.of())).isNull());
    assertThat(refusal(quotas, user, Map.of())).isNotNull();
  }

  @Test
  void forgetsATurnWhoseInstanceDiedAtItsDeadline() {
    limit(0, 1, 0);
    quotas.admit(user, "lost", Map.of("timeout_ms", 300), Quotas.Kind.TURN);

    await().untilAsserted(() -> assertThat(refusal(other, user, Map.of())).isNull());
  }

  @Test
  void countsARequestThatComesTwiceOnce() {
    limit(0, 1, 0);
    quotas.admit(user, "same", Map.of(), Quotas.Kind.TURN);

    assertThatCode(() -> other.admit(user, "same", Map.of(), Quotas.Kind.TURN))
        .doesNotThrowAnyException();
  }

  @Test
  void limitsTheAudioOfADay() {
    limit(0, 0, 1000);
    quotas.admit(user, "a", Map.of("audio", new byte[600]), Quotas.Kind.TURN);
    // what is asked without audio goes on
    assertThat(refusal(quotas, user, Map.of())).isNull();

    HttpProblem refused = refusal(other, user, Map.of("audio", new byte[600]));

    assertThat(refused.getMessage()).contains("1000 bytes");
    assertThat(Integer.parseInt(refused.headers().get("Retry-After"))).isBetween(1, 86_400);
    assertThat(refusal(quotas, user, Map.of("audio", new byte[400]))).isNull();
  }

  @Test
  void limitsNothingWhereItIsTold() {
    limit(0, 0, 0);
    for (int i = 0; i < 50; i++) {
      assertThat(refusal(quotas, user, Map.of("audio", new byte[1000]))).isNull();
    }
  }

  @Test
  void limitsNothingWhileValkeyIsAway() {
    Quotas.Limits limits = new Quotas.Limits(1, 1, 1, 1, Duration.ofMinutes(2));
    String nowhere = "redis://127.0.0.1:" + Ports.free(0);
    quotas = new Quotas(new ValkeyClient(ValkeySettings.at(nowhere)), limits);
    other = new Quotas(new ValkeyClient(ValkeySettings.at(nowhere)), limits);
    for (int i = 0; i < 5; i++) {
      assertThat(refusal(quotas, user, Map.of("audio", new byte[1000]))).isNull();
      quotas.release(user, "any");
    }
  }
}
