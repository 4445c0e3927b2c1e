package org.llmroutes.pipelines;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.llmroutes.errors.TurnException;
import org.llmroutes.pipelines.PipelineRuns.Found;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

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
  private final RunStart start;
  private final RunCourse course;

  /**
   * @param unconfirmedStop how long after a stop was asked for a run counts as ended whose engine
   *     does not say so
   */
  RunFollower(
      PipelineRuns runs, Statuses statuses, PipelineEngines engines, Duration unconfirmedStop) {
    this.runs = runs;
    this.statuses = statuses;
    this.engines = engines;
    this.start = new RunStart(engines);
    this.course = new RunCourse(engines, unconfirmedStop);
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
      Optional<RunEntry> next = next(entry, slotTaken, mayStart);
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

  /** What is asked of its engine meanwhile is in its trace. */
  private Optional<RunEntry> next(
      RunEntry entry, Optional<Instant> slotTaken, BooleanSupplier mayStart) {
    try (Span.Scope ignored = Tracing.continued(entry.trigger().trace()).enter()) {
      return entry.started() != null ? course.next(entry) : start.next(entry, slotTaken, mayStart);
    }
  }

  /** Tells what a run waits for, where that is not told. */
  void tellWaiting(String requestId, String reason) throws IOException, JetStreamApiException {
    Optional<Found> found = runs.find(requestId);
    if (found.isPresent() && found.get().entry().mayTellWaiting(reason)) {
      Optional<Found> written = runs.update(found.get(), found.get().entry().waiting(reason));
      if (written.isPresent()) {
        statuses.tell(written.get());
      }
    }
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

  /** Longer the older a run is, as far as its engine does not tell of changes by itself. */
  private static Duration pause(RunEntry entry) {
    if (entry.started() == null || entry.stop() != Stop.NONE) {
      return SHORTEST_PAUSE;
    }
    Instant now = Instant.now();
    Duration pause = Duration.between(entry.submitted(), now).dividedBy(10);
    pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    Duration left = Duration.between(now, entry.deadline());
    pause = pause.compareTo(left) < 0 ? pause : left;
    return pause.compareTo(SHORTEST_PAUSE) > 0 ? pause : SHORTEST_PAUSE;
  }
}
