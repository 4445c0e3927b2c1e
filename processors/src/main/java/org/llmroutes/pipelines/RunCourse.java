package org.llmroutes.pipelines;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.pipelines.RunState.Phase;

/** Sees what has become of runs that were started, and stops those that are to be stopped. */
final class RunCourse {
  private final PipelineEngines engines;
  private final Duration unconfirmedStop;

  /**
   * @param unconfirmedStop how long after a stop was asked for a run counts as ended whose engine
   *     does not say so
   */
  RunCourse(PipelineEngines engines, Duration unconfirmedStop) {
    this.engines = engines;
    this.unconfirmedStop = unconfirmedStop;
  }

  /**
   * The run as it is now; empty where nothing has changed.
   *
   * @throws TurnException {@code unavailable} where the engine cannot be asked now
   */
  Optional<RunEntry> next(RunEntry entry) {
    if (entry.stop() == Stop.NONE) {
      return Instant.now().isAfter(entry.deadline())
          ? Optional.of(entry.stopping(Stop.TIMED_OUT))
          : seen(entry, engines.get(entry.trigger().engine()).look(entry.run()));
    }
    Instant since = entry.stopSince() == null ? entry.submitted() : entry.stopSince();
    Instant stopped = since.plus(unconfirmedStop);
    try {
      return stopping(entry, stopped);
    } catch (TurnException e) {
      // a run that an engine out of reach may still work on is let go of at its deadline only
      if (isOver(stopped) && isOver(entry.deadline().plus(unconfirmedStop))) {
        return Optional.of(unconfirmed(entry, "The engine " + entry.trigger().engine()));
      }
      throw e;
    }
  }

  /** Also one that refuses to stop is looked at: it may have ended. */
  private Optional<RunEntry> stopping(RunEntry entry, Instant stopped) {
    PipelineEngine engine = engines.get(entry.trigger().engine());
    TurnException refusal = null;
    try {
      engine.stop(entry.run());
    } catch (TurnException e) {
      refusal = e;
    }
    Optional<RunState> state = engine.look(entry.run());
    boolean goesOn = state.isPresent() && !state.get().phase().isFinal();
    if (goesOn && isOver(stopped)) {
      return Optional.of(unconfirmed(entry, engine.title()));
    } else if (goesOn && refusal != null) {
      throw refusal;
    }
    return seen(entry, state);
  }

  private static boolean isOver(Instant end) {
    return Instant.now().isAfter(end);
  }

  private static Optional<RunEntry> seen(RunEntry entry, Optional<RunState> found) {
    if (found.isEmpty()) {
      return Optional.of(gone(entry));
    }
    RunState state = found.get();
    if (state.phase().isFinal()) {
      return Optional.of(ended(entry, state));
    }
    Status now = state.phase() == Phase.RUNNING ? Status.RUNNING : entry.status().status();
    String progress = StepsDone.toTell(entry.status().progress(), state);
    boolean changed =
        now != entry.status().status()
            || !progress.equals(entry.status().progress())
            || entry.waitsForOtherThan(state.obstacle());
    if (!changed) {
      return Optional.empty();
    }
    return Optional.of(
        state.obstacle().isEmpty()
            ? entry.observed(now, state.message(), progress)
            : entry.obstructed(now, state.obstacle(), progress));
  }

  private static RunEntry ended(RunEntry entry, RunState state) {
    String progress = StepsDone.toTell(entry.status().progress(), state);
    if (state.phase() == Phase.SUCCEEDED) {
      return entry.ended(Status.SUCCEEDED, state.message(), progress, null);
    }
    return switch (entry.stop()) {
      case CANCELLED -> entry.ended(Status.CANCELLED, "Cancelled", progress, null);
      case TIMED_OUT -> entry.ended(Status.FAILED, timedOut(entry), progress, ErrorCode.TIMEOUT);
      case NONE ->
          state.phase() == Phase.STOPPED
              ? entry.ended(
                  Status.CANCELLED, "Stopped from outside. " + state.message(), progress, null)
              : entry.ended(
                  Status.FAILED,
                  state.message().isBlank() ? "The run failed" : state.message(),
                  progress,
                  ErrorCode.RUN_FAILED);
    };
  }

  /** Nobody knows whether it had succeeded. */
  private static RunEntry gone(RunEntry entry) {
    return switch (entry.stop()) {
      case CANCELLED -> entry.ended(Status.CANCELLED, "Cancelled; the run is gone", "", null);
      case TIMED_OUT -> entry.ended(Status.FAILED, timedOut(entry), "", ErrorCode.TIMEOUT);
      case NONE ->
          entry.ended(
              Status.FAILED,
              "The run is gone: "
                  + entry.trigger().engine()
                  + " does not know it any more, and how it ended is unknown",
              "",
              ErrorCode.UNKNOWN);
    };
  }

  private static RunEntry unconfirmed(RunEntry entry, String engine) {
    String note = engine + " does not say that it has stopped";
    return entry.stop() == Stop.CANCELLED
        ? entry.ended(Status.CANCELLED, "Cancelled; " + note, "", null)
        : entry.ended(Status.FAILED, timedOut(entry) + "; " + note, "", ErrorCode.TIMEOUT);
  }

  private static String timedOut(RunEntry entry) {
    return "Stopped at its deadline, after " + entry.plan().deadline();
  }
}
