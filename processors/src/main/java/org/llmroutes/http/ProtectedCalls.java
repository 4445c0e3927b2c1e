package org.llmroutes.http;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.llmroutes.config.Resilience;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls to one service: no more at a time than it can take, none while it is known to be down,
 * and again what may pass, as long as the caller's time lasts.
 */
final class ProtectedCalls {
  private static final Logger LOG = LoggerFactory.getLogger(ProtectedCalls.class);
  private static final IntervalFunction PAUSE =
      IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(200), 2.0, 0.5);

  private final ServiceSettings settings;
  private final String step;
  private final Semaphore places;
  private final CircuitBreaker breaker;

  ProtectedCalls(ServiceSettings settings, String step) {
    this.settings = settings;
    this.step = step;
    Resilience resilience = settings.resilience();
    places = new Semaphore(resilience.maxConcurrent(), true);
    breaker =
        CircuitBreaker.of(
            settings.name(),
            CircuitBreakerConfig.custom()
                .slidingWindowSize(resilience.breakerCalls())
                .minimumNumberOfCalls(resilience.breakerCalls())
                .failureRateThreshold(resilience.breakerFailurePercent())
                .waitDurationInOpenState(resilience.breakerOpen())
                .permittedNumberOfCallsInHalfOpenState(3)
                .recordException(e -> isCode(e, ErrorCode.UNAVAILABLE))
                // a refusal shows that the service works; anything else says nothing about it
                .ignoreException(
                    e -> !isCode(e, ErrorCode.UNAVAILABLE) && !isCode(e, ErrorCode.REJECTED))
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(
            event ->
                LOG.atWarn()
                    .addKeyValue("service", settings.name())
                    .addKeyValue("breaker", event.getStateTransition().getToState())
                    .log("circuit breaker"));
  }

  /** Carries out a call, as often as the settings and the deadline allow. */
  <T> T run(Supplier<T> call, Deadline deadline) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(call, deadline);
      } catch (TransientFailure e) {
        Duration pause = Duration.ofMillis(PAUSE.apply(attempt));
        if (attempt == settings.resilience().attempts()
            || deadline.within(pause).compareTo(pause) < 0) {
          throw e;
        }
        pause(pause);
      }
    }
  }

  private <T> T once(Supplier<T> call, Deadline deadline) {
    enter(deadline);
    try {
      return breaker.executeSupplier(call);
    } catch (CallNotPermittedException e) {
      throw failure(ErrorCode.UNAVAILABLE, "has failed lately and is left alone for a moment", e);
    } finally {
      places.release();
    }
  }

  private void enter(Deadline deadline) {
    try {
      Duration wait = deadline.within(settings.timeout());
      if (!places.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
        throw deadline.passed()
            ? failure(ErrorCode.TIMEOUT, "had no free place before the time ran out", null)
            : failure(ErrorCode.UNAVAILABLE, "has too many calls in work already", null);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void pause(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  StepException interrupted(Exception e) {
    Thread.currentThread().interrupt();
    return failure(ErrorCode.INTERNAL, "was waited for when the work was interrupted", e);
  }

  StepException failure(ErrorCode code, String what, Throwable cause) {
    return new StepException(step, code, settings.name() + " " + what, cause);
  }

  private static boolean isCode(Throwable e, ErrorCode code) {
    return e instanceof StepException failure && failure.code() == code;
  }
}
