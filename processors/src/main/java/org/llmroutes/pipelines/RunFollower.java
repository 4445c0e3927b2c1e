package org.llmroutes.pipelines;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.pipelines.PipelineRuns.Found;
import org.llmroutes.pipelines.RunState.Phase;

/**
 * Takes runs from status to status. Each change is written to the bucket, told, and only then
 * followed by the next, so that any instance can go on at any point. Safe for concurrent use.
 */
final class RunFollower {
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private final PipelineRuns runs;
  private final Statuses statuses;
  private final PipelineEngines engines;

  RunFollower(PipelineRuns runs, Statuses statuses, PipelineEngines engines) {
    this.runs = runs;
    this.statuses = statuses;
    this.engines = engines;
  }

  /**
   * Goes on with a run as far as it goes now.
   *
   * @param slotTaken when it got its slot; empty where it has none and may only end
   * @param mayStart whether this instance is still the one that starts runs of the pipeline
   * @return when to look again, or empty where nothing is left to do
   * @throws TurnException {@code unavailable} where the engine cannot be asked now
   */
  Optional<Duration> follow(String requestId, Optional<Instant> slotTaken, BooleanSupplier mayStart)
      throws IOException, JetStreamApiException {
    while (true) {
      Optional<Found> found = runs.find(requestId);
      if (found.isEmpty() || found.get().entry().isClosed()) {
        return Optional.empty();
      }
      RunEntry entry = found.get().entry();
      if (entry.isUntold()) {
        statuses.tell(found.get());
        continue;
      }
      Optional<RunEntry> next =
          entry.started() != null ? goOn(entry) : begin(entry, slotTaken, mayStart);
      if (next.isEmpty()) {
        return Optional.of(pause(entry));
      }
      if (entry.started() == null && next.get().started() != null) {
        recordStart(found.get(), next.get());
      } else {
        runs.update(found.get(), next.get());
      }
    }
  }

  private Optional<RunEntry> begin(
      RunEntry entry, Optional<Instant> slotTaken, BooleanSupplier mayStart) {
    if (slotTaken.isEmpty()) {
      return entry.stop() == Stop.NONE ? Optional.empty() : Optional.of(endedUnstarted(entry));
    }
    boolean late = Instant.now().isAfter(slotTaken.get().plus(entry.plan().deadline()));
    if (entry.stop() != Stop.NONE || late) {
      return Optional.of(withdraw(entry, late));
    } else if (!mayStart.getAsBoolean()) {
      return Optional.empty();
    }
    try {
      return Optional.of(entry.submitted(engines.get(entry.trigger().engine()).start(entry.run())));
    } catch (TurnException e) {
      if (e.code().retryable()) {
        throw e;
      }
      return Optional.of(entry.ended(Status.REJECTED, e.getMessage(), "", e.code()));
    }
  }

  /** An earlier try may have started it all the same: then it is stopped like any other. */
  private RunEntry withdraw(RunEntry entry, boolean late) {
    try {
      PipelineEngine engine = engines.get(entry.trigger().engine());
      if (engine.look(entry.run()).isPresent()) {
        return entry.submitted(engine.start(entry.run()));
      }
    } catch (RuntimeException e) {
      if (!late) {
        throw e;
      }
    }
    return endedUnstarted(entry);
  }

  private static RunEntry endedUnstarted(RunEntry entry) {
    return entry.stop() == Stop.CANCELLED
        ? entry.ended(Status.CANCELLED, "Cancelled before it was started", "", null)
        : entry.ended(
            Status.FAILED,
            "The engine " + entry.trigger().engine() + " could not start it before the deadline",
            "",
            ErrorCode.UNAVAILABLE);
  }

  private Optional<RunEntry> goOn(RunEntry entry) {
    if (entry.stop() == Stop.NONE && Instant.now().isAfter(deadline(entry))) {
      return Optional.of(entry.stopping(Stop.TIMED_OUT));
    }
    PipelineEngine engine = engines.get(entry.trigger().engine());
    if (entry.stop() != Stop.NONE) {
      engine.stop(entry.run());
    }
    Optional<RunState> state = engine.look(entry.run());
    if (state.isEmpty()) {
      String gone = "The run is gone: " + entry.trigger().engine() + " does not know it any more";
      return Optional.of(ended(entry, new RunState(Phase.FAILED, gone, "")));
    } else if (state.get().phase().isFinal()) {
      return Optional.of(ended(entry, state.get()));
    }
    Status now = state.get().phase() == Phase.RUNNING ? Status.RUNNING : entry.status().status();
    boolean advanced =
        !state.get().progress().isEmpty()
            && !state.get().progress().equals(entry.status().progress());
    return now != entry.status().status() || advanced
        ? Optional.of(entry.observed(now, state.get()))
        : Optional.empty();
  }

  private static RunEntry ended(RunEntry entry, RunState state) {
    if (state.phase() == Phase.SUCCEEDED) {
      return entry.ended(Status.SUCCEEDED, state.message(), state.progress(), null);
    }
    return switch (entry.stop()) {
      case CANCELLED -> entry.ended(Status.CANCELLED, "Cancelled", state.progress(), null);
      case TIMED_OUT ->
          entry.ended(
              Status.FAILED,
              "Stopped at its deadline, after " + entry.plan().deadline(),
              state.progress(),
              ErrorCode.TIMEOUT);
      case NONE ->
          state.phase() == Phase.STOPPED
              ? entry.ended(
                  Status.CANCELLED,
                  "Stopped from outside. " + state.message(),
                  state.progress(),
                  null)
              : entry.ended(
                  Status.FAILED,
                  state.message().isBlank() ? "The run failed" : state.message(),
                  state.progress(),
                  ErrorCode.RUN_FAILED);
    };
  }

  /**
   * A run that was started is not let go of before that is written, even while NATS is away; where
   * another instance has ended the entry meanwhile, nobody would follow it, and it is stopped.
   */
  private void recordStart(Found before, RunEntry started)
      throws IOException, JetStreamApiException {
    while (true) {
      try {
        if (runs.update(before, started).isEmpty()) {
          Optional<Found> now = runs.find(before.entry().trigger().requestId());
          if (now.isEmpty() || now.get().entry().status().status().isFinal()) {
            engines.get(before.entry().trigger().engine()).stop(started.run());
          }
        }
        return;
      } catch (IOException | JetStreamApiException e) {
        try {
          TimeUnit.MILLISECONDS.sleep(SHORTEST_PAUSE.toMillis());
        } catch (InterruptedException stopping) {
          Thread.currentThread().interrupt();
          throw e;
        }
      }
    }
  }

  private static Instant deadline(RunEntry entry) {
    return entry.submitted().plus(entry.plan().deadline());
  }

  /** Longer the older a run is, as far as its engine does not tell of changes by itself. */
  private static Duration pause(RunEntry entry) {
    if (entry.started() == null || entry.stop() != Stop.NONE) {
      return SHORTEST_PAUSE;
    }
    Instant now = Instant.now();
    Duration pause = Duration.between(entry.submitted(), now).dividedBy(10);
    pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    Duration left = Duration.between(now, deadline(entry));
    pause = pause.compareTo(left) < 0 ? pause : left;
    return pause.compareTo(SHORTEST_PAUSE) > 0 ? pause : SHORTEST_PAUSE;
  }
}
