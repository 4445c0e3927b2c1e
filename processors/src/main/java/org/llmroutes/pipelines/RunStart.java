package org.llmroutes.pipelines;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/** Starts runs that have a slot, and ends those that are not to be started any more. */
final class RunStart {
  /** A run that has waited long for its slot is not given up at the first failure. */
  private static final Duration LEAST_PATIENCE = Duration.ofMinutes(1);

  private final PipelineEngines engines;

  RunStart(PipelineEngines engines) {
    this.engines = engines;
  }

  /**
   * What becomes of a run that was not started; empty where it has to wait.
   *
   * @throws TurnException {@code unavailable} where the engine cannot be asked now
   */
  Optional<RunEntry> next(RunEntry entry, Optional<Instant> slotTaken, BooleanSupplier mayStart) {
    if (slotTaken.isEmpty()) {
      return entry.stop() == Stop.NONE ? Optional.empty() : Optional.of(cancelled(entry));
    } else if (entry.stop() == Stop.NONE && !mayStart.getAsBoolean()) {
      return Optional.empty();
    }
    try {
      return Optional.of(entry.stop() == Stop.NONE ? started(entry) : withdrawn(entry));
    } catch (TurnException e) {
      if (!e.code().retryable()) {
        return Optional.of(entry.ended(Status.REJECTED, e.getMessage(), "", e.code()));
      } else if (Instant.now().isBefore(givenUpAt(entry, slotTaken.get()))) {
        throw e;
      }
      return Optional.of(
          entry.stop() == Stop.NONE ? givenUp(entry, e.getMessage()) : cancelled(entry));
    }
  }

  private RunEntry started(RunEntry entry) {
    Span span =
        Tracing.continued(entry.trigger().trace())
            .begin(Span.Kind.INTERNAL, "start run")
            .set(Names.REQUEST_ID, entry.trigger().requestId())
            .set(Names.PIPELINE, entry.trigger().pipeline())
            .set(Names.ENGINE, entry.trigger().engine());
    try (Span.Scope ignored = span.enter()) {
      return entry.submitted(engines.get(entry.trigger().engine()).start(entry.run()));
    } catch (TurnException e) {
      span.fail(e);
      throw e;
    } finally {
      span.end();
    }
  }

  /** An earlier try may have started it all the same: then it is stopped like any other. */
  private RunEntry withdrawn(RunEntry entry) {
    return engines.get(entry.trigger().engine()).look(entry.run()).isPresent()
        ? started(entry)
        : cancelled(entry);
  }

  /** At its deadline or when patience is at an end, counted from acceptance. */
  private static Instant givenUpAt(RunEntry entry, Instant slotTaken) {
    Plan plan = entry.plan();
    Duration least =
        plan.patience().compareTo(LEAST_PATIENCE) < 0 ? plan.patience() : LEAST_PATIENCE;
    Instant patient = later(plan.accepted().plus(plan.patience()), slotTaken.plus(least));
    Instant deadline = slotTaken.plus(plan.deadline());
    return patient.isBefore(deadline) ? patient : deadline;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static RunEntry cancelled(RunEntry entry) {
    return entry.ended(Status.CANCELLED, "Cancelled before it was started", "", null);
  }

  private static RunEntry givenUp(RunEntry entry, String reason) {
    Plan plan = entry.plan();
    boolean patient = plan.patience().compareTo(plan.deadline()) < 0;
    String until = patient ? "within " + plan.patience() : "before the deadline";
    return entry.ended(
        Status.FAILED,
        "The engine %s could not start it %s: %s"
            .formatted(entry.trigger().engine(), until, reason),
        "",
        ErrorCode.UNAVAILABLE);
  }
}
