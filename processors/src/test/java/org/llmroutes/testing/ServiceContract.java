package org.llmroutes.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.llmroutes.testing.ScriptedService.body;
import static org.llmroutes.testing.ScriptedService.hanging;
import static org.llmroutes.testing.ScriptedService.stalling;
import static org.llmroutes.testing.ScriptedService.status;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;

/** How every client of every service deals with failure, whatever the protocol. */
@Timeout(20)
public abstract class ServiceContract {
  private static final Duration SHORT = Duration.ofMillis(300);

  protected final ScriptedService service;

  /**
   * @param service one that answers {@link #call} well
   */
  protected ServiceContract(ScriptedService service) {
    this.service = service;
  }

  /** One call of the client that the settings ask for. */
  protected abstract void call(ServiceSettings settings, Deadline deadline);

  /** The step that fails. */
  protected abstract String step();

  @AfterEach
  void close() {
    service.close();
  }

  private void call() {
    call(service.settings(), Deadline.never());
  }

  private void fails(ErrorCode code, ServiceSettings settings, Deadline deadline) {
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> call(settings, deadline))
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.step()).isEqualTo(step());
              assertThat(e.getMessage()).startsWith("service ").doesNotContain("key ");
            });
  }

  private void fails(ErrorCode code) {
    fails(code, service.settings(), Deadline.never());
  }

  @Test
  void theKeyGoesAsBearer() {
    call();
    assertThat(service.authorizations).containsOnly("Bearer key");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void whatMayPassIsTriedAgain(int code) {
    service.failing(2, status(code));
    call();
    assertThat(service.requests).hasSize(3);
  }

  @Test
  void butOnlySoOften() {
    service.failing(3, status(500));
    fails(ErrorCode.UNAVAILABLE);
    assertThat(service.requests).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 422, 501})
  void aRefusalIsFinal(int code) {
    service.failing(status(code));
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(this::call)
        .withMessageContaining("the reason")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.REJECTED));
    assertThat(service.requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void refusedCredentialsAreAnOutage(int code) {
    service.failing(status(code));
    fails(ErrorCode.UNAVAILABLE);
    assertThat(service.requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "{}", "[]", "7", "\"x\"", "[null]", "{\"data\":[]}"})
  void anAnswerOfAnotherShapeIsAnOutage(String text) {
    service.failing(3, body(text));
    fails(ErrorCode.UNAVAILABLE);
  }

  @Test
  void silenceIsAnOutageAfterTheTimeout() {
    service.failing(hanging(), stalling());
    fails(
        ErrorCode.UNAVAILABLE,
        service.settings("test-model", 2, Duration.ofSeconds(1)),
        Deadline.never());
    assertThat(service.requests).hasSize(2);
  }

  @Test
  void theDeadlineComesBeforeTheTimeout() {
    service.failing(hanging());
    fails(ErrorCode.TIMEOUT, service.settings(), Deadline.in(SHORT));
    assertThat(service.requests).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void nothingIsTriedAgainThatTheDeadlineLeavesNoTimeFor() {
    service.failing(1000, status(503));
    ServiceSettings patient = service.settings("test-model", 1000, Duration.ofSeconds(30));
    // the last try fails by itself or by the deadline, as it happens
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> call(patient, Deadline.in(SHORT)));
    assertThat(service.requests).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void nothingIsAskedAfterTheDeadline() {
    fails(ErrorCode.TIMEOUT, service.settings(), Deadline.in(Duration.ZERO));
    assertThat(service.requests).isEmpty();
  }

  @Test
  void aServiceThatIsNotThereIsAnOutage() {
    fails(ErrorCode.UNAVAILABLE, service.nowhere(), Deadline.never());
  }
}
