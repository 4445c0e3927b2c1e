package org.llmroutes.steps;

import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.metrics.Meters;

/**
 * How long one step took, by how it ended: {@code llm_routes_step_seconds} with the tags {@code
 * kamelet}, {@code step} (its id in the route) and {@code outcome}, which is {@code ok} or the code
 * of the error.
 */
final class StepTimers {
  private static final String OK = "ok";

  private final String kamelet;
  private final String step;
  private final Timer done;
  private final Map<String, Timer> failed = new ConcurrentHashMap<>();

  StepTimers(String kamelet, String step) {
    this.kamelet = kamelet;
    this.step = step;
    this.done = timer(OK);
  }

  /**
   * @param start as {@link System#nanoTime} told it
   */
  void record(Exchange exchange, long start) {
    Exception failure = exchange.getException();
    Timer timer = failure == null ? done : failed.computeIfAbsent(code(failure), this::timer);
    timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
  }

  private static String code(Exception failure) {
    ErrorCode code = failure instanceof TurnException known ? known.code() : ErrorCode.INTERNAL;
    return code.wire();
  }

  private Timer timer(String outcome) {
    return Meters.timer(
        "llm.routes.step",
        "Steps of routes",
        Meters.CALL,
        "kamelet",
        kamelet,
        "step",
        step,
        "outcome",
        outcome);
  }
}
