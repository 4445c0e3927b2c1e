package org.llmroutes.steps;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/**
 * How long one step took, by how it ended: {@code llm_routes_step_seconds} with the tags {@code
 * kamelet}, {@code step} (its id in the route) and {@code outcome}, which is {@code ok} or the code
 * of the error.
 */
final class StepTimers {
  private static final String OK = "ok";

  private final CamelContext context;
  private final String kamelet;
  private final String step;
  private final Map<String, Optional<Timer>> timers = new ConcurrentHashMap<>();

  StepTimers(CamelContext context, String kamelet, String step) {
    this.context = context;
    this.kamelet = kamelet;
    this.step = step;
  }

  /**
   * @param start as {@link System#nanoTime} told it
   */
  void record(Exchange exchange, long start) {
    timers
        .computeIfAbsent(outcome(exchange.getException()), this::timer)
        .ifPresent(timer -> timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS));
  }

  private static String outcome(Exception failure) {
    if (failure == null) {
      return OK;
    }
    ErrorCode code = failure instanceof TurnException known ? known.code() : ErrorCode.INTERNAL;
    return code.wire();
  }

  /** Absent in a context without metrics. */
  private Optional<Timer> timer(String outcome) {
    return Optional.ofNullable(context.getRegistry().findSingleByType(MeterRegistry.class))
        .map(
            registry ->
                Timer.builder("llm.routes.step")
                    .description("Steps of routes")
                    .tag("kamelet", kamelet)
                    .tag("step", step)
                    .tag("outcome", outcome)
                    .register(registry));
  }
}
