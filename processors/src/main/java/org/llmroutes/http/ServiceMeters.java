package org.llmroutes.http;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.metrics.KnownMeters;
import org.llmroutes.metrics.Meters;

/** What is counted of the calls to one AI service, by all of its clients in this process. */
final class ServiceMeters {
  private static final String SERVICE = "service";
  private static final KnownMeters<String, ServiceMeters> OF_SERVICES = new KnownMeters<>();
  private static final List<CircuitBreaker.State> STATES =
      List.of(
          CircuitBreaker.State.CLOSED, CircuitBreaker.State.HALF_OPEN, CircuitBreaker.State.OPEN);

  private final Set<CircuitBreaker> breakers =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
  private final AtomicInteger inWork = new AtomicInteger();
  private final Map<String, Counter> outcomes;
  private final Timer duration;
  private final Counter retries;

  private ServiceMeters(String service) {
    outcomes =
        Meters.counters(
            "llm.routes.service.calls",
            "Calls to AI services, by their outcome: ok or the code of the error",
            "outcome",
            List.of("ok", "unavailable", "timeout", "rejected", "internal"),
            SERVICE,
            service);
    duration =
        Meters.timer(
            "llm.routes.service.call",
            "Calls to AI services, tries within a call included",
            Meters.CALL,
            SERVICE,
            service);
    retries =
        Meters.counter(
            "llm.routes.service.retries", "Tries of calls after the first", SERVICE, service);
    Gauge.builder("llm.routes.service.calls.in.progress", inWork, AtomicInteger::get)
        .description("Calls that are being made or wait for a place")
        .tag(SERVICE, service)
        .strongReference(true)
        .register(Meters.registry());
    STATES.forEach(state -> showBreakers(service, state));
  }

  private void showBreakers(String service, CircuitBreaker.State state) {
    Gauge.builder("llm.routes.service.breakers", () -> breakersIn(state))
        .description("Clients of a service by the state of their circuit breaker")
        .tag(SERVICE, service)
        .tag("state", state.name().toLowerCase(Locale.ROOT))
        .register(Meters.registry());
  }

  private long breakersIn(CircuitBreaker.State state) {
    synchronized (breakers) {
      return breakers.stream().filter(breaker -> breaker.getState() == state).count();
    }
  }

  static ServiceMeters of(String service) {
    return OF_SERVICES.of(service, ServiceMeters::new);
  }

  /** Shows a breaker for as long as its client is there. */
  void add(CircuitBreaker breaker) {
    breakers.add(breaker);
  }

  void retried() {
    retries.increment();
  }

  /** Carries a call out and counts it. */
  <T> T counting(Supplier<T> call) {
    long start = System.nanoTime();
    String outcome = ErrorCode.INTERNAL.wire();
    inWork.incrementAndGet();
    try {
      T result = call.get();
      outcome = "ok";
      return result;
    } catch (StepException e) {
      outcome = e.code().wire();
      throw e;
    } finally {
      inWork.decrementAndGet();
      duration.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      Counter counter = outcomes.get(outcome);
      (counter == null ? outcomes.get(ErrorCode.INTERNAL.wire()) : counter).increment();
    }
  }
}
