package org.llmroutes.pipelines;

import io.micrometer.core.instrument.MeterRegistry;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.llmroutes.errors.TurnException;
import org.llmroutes.pipelines.PipelineRuns.Found;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives slots to the runs of one pipeline in order of arrival, and has those that have one
 * followed, while this instance holds the pipeline's lease. One thread decides; engines are called
 * on others, so that a slow one delays neither the lease nor another run.
 */
final class PipelineWorker implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineWorker.class);
  private static final long ROUND_MILLIS = 500;

  /** After so much of it, clients are told that an engine does not answer. */
  private static final Duration SILENCE = Duration.ofSeconds(7);

  /** After so much of it, clients are told that an engine cannot be asked, and why. */
  private static final Duration OUTAGE = Duration.ofSeconds(3);

  /** Of those that end without a slot, so that the lease is renewed in time. */
  private static final int ENDED_AT_ONCE = 64;

  private final Pipeline pipeline;
  private final PipelineRuns runs;
  private final RunFollower follower;
  private final Lease lease;
  private final Executor threads;
  private final Map<String, OpenRun> open = new ConcurrentHashMap<>();
  private final Semaphore changes = new Semaphore(0);
  private volatile boolean closed;

  PipelineWorker(
      Pipeline pipeline,
      PipelineRuns runs,
      RunFollower follower,
      LeaseTerms terms,
      Executor threads) {
    this.pipeline = pipeline;
    this.runs = runs;
    this.follower = follower;
    this.lease = runs.lease(pipeline.name(), terms);
    this.threads = threads;
  }

  /** Shows its open runs, whichever instance follows them. */
  void bindTo(MeterRegistry registry) {
    OpenRunMeters.show(pipeline.name(), open, registry);
  }

  /** Takes over what an entry of this pipeline says now. */
  void observe(RunEntry entry) {
    String id = entry.trigger().requestId();
    if (entry.isClosed()) {
      open.remove(id);
    } else if (entry.told() >= 0) {
      // the first status is told by who takes the trigger in
      open.computeIfAbsent(id, unknown -> new OpenRun(entry)).update(entry);
    }
    changes.release();
  }

  /** The engine says that a run has changed. */
  void changed(String runName) {
    for (OpenRun run : open.values()) {
      if (run.name().equals(runName)) {
        run.hurry();
        changes.release();
      }
    }
  }

  @Override
  public void run() {
    try {
      while (!closed) {
        try {
          round();
        } catch (IOException | JetStreamApiException | RuntimeException e) {
          LOG.atDebug().addKeyValue("pipeline", pipeline.name()).setCause(e).log("round failed");
        }
        if (changes.tryAcquire(ROUND_MILLIS, TimeUnit.MILLISECONDS)) {
          changes.drainPermits();
        }
      }
      lease.release();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | JetStreamApiException | RuntimeException e) {
      LOG.debug("The lease is left to run out", e);
    }
  }

  /** Ends {@link #run}. */
  void stop() {
    closed = true;
    changes.release();
  }

  private void round() throws IOException, JetStreamApiException {
    if (open.isEmpty() && lease.slots().isEmpty()) {
      lease.release();
    } else if (lease.hold() && assignSlots()) {
      for (Map.Entry<String, Instant> slot : lease.slots().entrySet()) {
        OpenRun run = open.get(slot.getKey());
        if (run != null && run.begin()) {
          execute(() -> follow(run, Optional.of(slot.getValue())));
        }
      }
      open.values().stream()
          .filter(run -> run.isSilentFor(SILENCE))
          .forEach(
              run ->
                  execute(
                      () ->
                          tellWaiting(
                              run,
                              "the engine has not answered for " + SILENCE.toSeconds() + " s")));
      List<OpenRun> ending =
          open.values().stream()
              .filter(run -> run.isEnding() && !lease.slots().containsKey(run.requestId()))
              .limit(ENDED_AT_ONCE)
              .toList();
      for (OpenRun run : ending) {
        if (run.begin()) {
          follow(run, Optional.empty());
        }
      }
    }
  }

  /** Frees the slots of runs that have ended, and fills free ones in order of arrival. */
  private boolean assignSlots() throws IOException, JetStreamApiException {
    Map<String, Instant> slots = new LinkedHashMap<>(lease.slots());
    for (String id : lease.slots().keySet()) {
      if (!open.containsKey(id) && isClosed(id)) {
        slots.remove(id);
      }
    }
    for (OpenRun run : open.values()) {
      if (run.isStarted()) {
        // whatever became of the lease's entry
        slots.putIfAbsent(run.requestId(), Instant.now());
      }
    }
    Iterator<OpenRun> waiting =
        open.values().stream()
            .filter(run -> run.isWaiting() && !slots.containsKey(run.requestId()))
            .sorted(Comparator.comparingLong(OpenRun::sequence))
            .iterator();
    while (slots.size() < pipeline.maxRunning() && waiting.hasNext()) {
      slots.put(waiting.next().requestId(), Instant.now());
    }
    return slots.equals(lease.slots()) || lease.assign(slots);
  }

  private boolean isClosed(String id) throws IOException, JetStreamApiException {
    Optional<Found> found = runs.find(id);
    return found.isEmpty() || found.get().entry().isClosed();
  }

  private void execute(Runnable work) {
    try {
      threads.execute(work);
    } catch (RejectedExecutionException e) {
      LOG.debug("The instance is stopping", e);
    }
  }

  private void follow(OpenRun run, Optional<Instant> slotTaken) {
    try {
      follower
          .follow(run.requestId(), slotTaken, lease::isHeld)
          .ifPresentOrElse(run::again, () -> open.remove(run.requestId(), run));
    } catch (IOException | JetStreamApiException | RuntimeException e) {
      if (run.failed(ThreadLocalRandom.current().nextDouble())) {
        LOG.atWarn()
            .addKeyValue("request_id", run.requestId())
            .addKeyValue("pipeline", pipeline.name())
            .addKeyValue("reason", e.getMessage())
            .setCause(e instanceof TurnException ? null : e)
            .log("run cannot be followed now; trying again");
      }
      if (e instanceof TurnException && run.failing().compareTo(OUTAGE) > 0) {
        tellWaiting(run, e.getMessage());
      }
    } finally {
      changes.release();
    }
  }

  private void tellWaiting(OpenRun run, String reason) {
    try {
      follower.tellWaiting(run.requestId(), reason);
    } catch (IOException | JetStreamApiException | RuntimeException e) {
      LOG.atDebug()
          .addKeyValue("request_id", run.requestId())
          .setCause(e)
          .log("what it waits for is not told");
    }
  }
}
