package org.llmroutes.http;

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
 * and again what may pass, as long as the caller's time lasts. Where the service cannot be done
 * without, nothing else ends that; where it can, it is tried a few times only, and not at all while
 * it is known to be down.
 */
final class ProtectedCalls {
  private static final Logger LOG = LoggerFactory.getLogger(ProtectedCalls.class);
  private static final IntervalFunction PAUSE =
      IntervalFunction.ofExponentialRandomBackoff(
          Duration.ofMillis(200), 2.0, 0.5, Duration.ofSeconds(5));

  private final ServiceSettings settings;
  private final String step;
  private final Semaphore places;
  private final Breaker breaker;
  private final ServiceMeters meters;

  ProtectedCalls(ServiceSettings settings, String step) {
    this.settings = settings;
    this.step = step;
    places = new Semaphore(settings.resilience().maxConcurrent(), true);
    meters = ServiceMeters.of(settings.name());
    breaker = new Breaker(settings, meters);
  }

  /** Carries out a call, as often as the settings and the deadline allow. */
  <T> T run(Supplier<T> call, Deadline deadline) {
    return meters.counting(() -> tries(call, deadline));
  }

  private <T> T tries(Supplier<T> call, Deadline deadline) {
    Resilience resilience = settings.resilience();
    for (int attempt = 1; ; attempt++) {
      try {
        return once(call, attempt == 1, deadline);
      } catch (TransientFailure e) {
        Duration pause = longer(Duration.ofMillis(PAUSE.apply(attempt)), e.retryAfter());
        if (attempt >= resilience.attempts() || deadline.leftToBegin().compareTo(pause) < 0) {
          throw e;
        }
        if (attempt == 1 && resilience.isPatient()) {
          LOG.warn(
              "{}: {}; tried again while the time lasts", settings, ErrorAnswer.withoutWords(e));
        }
        pause(pause);
        meters.retried();
      }
    }
  }

  private <T> T once(Supplier<T> call, boolean counted, Deadline deadline) {
    awaitBreaker(deadline);
    return breaker.judge(() -> inPlace(call, deadline), counted);
  }

  private void awaitBreaker(Deadline deadline) {
    for (int asked = 1; !breaker.allows(); asked++) {
      Duration pause = Duration.ofMillis(PAUSE.apply(asked));
      boolean waits = settings.resilience().isPatient() || deadline.isEndless();
      if (!waits || deadline.leftToBegin().compareTo(pause) < 0) {
        throw failure(
            ErrorCode.UNAVAILABLE, "has failed lately and is left alone for a moment", null);
      }
      pause(pause);
    }
  }

  private <T> T inPlace(Supplier<T> call, Deadline deadline) {
    try {
      if (!places.tryAcquire(deadline.leftToBegin().toNanos(), TimeUnit.NANOSECONDS)) {
        throw failure(ErrorCode.TIMEOUT, "had no free place before the time ran out", null);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    try {
      return call.get();
    } finally {
      places.release();
    }
  }

  private void pause(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  StepException interrupted(Exception e) {
    Thread.currentThread().interrupt();
    return failure(ErrorCode.INTERNAL, "was waited for when the work was interrupted", e);
  }

  StepException failure(ErrorCode code, String what, Throwable cause) {
    return new StepException(step, code, settings.name() + " " + what, cause);
  }
}
