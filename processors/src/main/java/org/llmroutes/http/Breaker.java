package org.llmroutes.http;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.llmroutes.config.Resilience;
import org.llmroutes.config.ServiceSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves a service alone that has failed lately. Only what may pass counts as a failure of the
 * service, and a request counts once, however often it is tried, so that one which the service
 * cannot stand does not shut it off for others.
 */
final class Breaker {
  private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

  private final CircuitBreaker breaker;

  Breaker(ServiceSettings settings, ServiceMeters meters) {
    Resilience resilience = settings.resilience();
    breaker =
        CircuitBreaker.of(
            settings.name(),
            CircuitBreakerConfig.custom()
                .slidingWindowSize(resilience.breakerCalls())
                .minimumNumberOfCalls(resilience.breakerCalls())
                .failureRateThreshold(resilience.breakerFailurePercent())
                .waitDurationInOpenState(resilience.breakerOpen())
                .permittedNumberOfCallsInHalfOpenState(3)
                .build());
    meters.add(breaker);
    breaker
        .getEventPublisher()
        .onStateTransition(
            event ->
                LOG.atWarn()
                    .addKeyValue("service", settings.name())
                    .addKeyValue("breaker", event.getStateTransition().getToState())
                    .log("circuit breaker"));
  }

  /** Whether a call may be made now; each that is allowed goes on with {@link #judge}. */
  boolean allows() {
    return breaker.tryAcquirePermission();
  }

  /**
   * @param counted whether a failure of this call counts; while the service is tried again, each
   *     does
   */
  <T> T judge(Supplier<T> call, boolean counted) {
    try {
      T result = call.get();
      breaker.onSuccess(0, TimeUnit.NANOSECONDS);
      return result;
    } catch (TransientFailure e) {
      if (counted || breaker.getState() != CircuitBreaker.State.CLOSED) {
        breaker.onError(0, TimeUnit.NANOSECONDS, e);
      } else {
        breaker.releasePermission();
      }
      throw e;
    } catch (Refusal e) {
      // it works
      breaker.onSuccess(0, TimeUnit.NANOSECONDS);
      throw e;
    } catch (RuntimeException | Error e) {
      breaker.releasePermission();
      throw e;
    }
  }
}
