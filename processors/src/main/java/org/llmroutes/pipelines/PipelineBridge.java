package org.llmroutes.pipelines;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that what was accepted is started, followed and told to its end, by this instance or
 * another. What it must not forget is in the bucket; it watches that, and keeps in memory which
 * runs are open.
 */
public final class PipelineBridge extends ServiceSupport implements MeterBinder {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineBridge.class);

  /** Engines may be slow to answer; whoever goes on asks them again. */
  private static final int STOPPED_WITHIN_SECONDS = 2;

  private final PipelineRuns runs;
  private final Catalogue catalogue;
  private final Map<String, PipelineWorker> workers = new TreeMap<>();
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "pipelines");
            thread.setDaemon(true);
            return thread;
          });

  private final AtomicBoolean working = new AtomicBoolean();
  private Future<?> watch;

  /**
   * @param lease how long after an instance has gone another one goes on with its runs
   * @param unconfirmedStop how long after a stop was asked for a run counts as ended whose engine
   *     does not say so
   */
  public PipelineBridge(
      PipelineRuns runs,
      Statuses statuses,
      Catalogue catalogue,
      PipelineEngines engines,
      Duration lease,
      Duration unconfirmedStop) {
    this.runs = runs;
    this.catalogue = catalogue;
    RunFollower follower = new RunFollower(runs, statuses, engines, unconfirmedStop);
    LeaseTerms terms = new LeaseTerms(UUID.randomUUID().toString(), lease);
    for (Pipeline pipeline : catalogue.all()) {
      RunMeters.add(pipeline);
      workers.put(pipeline.name(), new PipelineWorker(pipeline, runs, follower, terms, threads));
    }
    engines.onChange(run -> workers.values().forEach(worker -> worker.changed(run)));
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    workers.values().forEach(worker -> worker.bindTo(registry));
  }

  /** Returns at once; work begins when NATS and the bucket are there. */
  @Override
  protected void doStart() {
    watch = threads.submit(runs.watch(this::observe, this::work));
  }

  /** Only once every run is known, so that they start in order of arrival. */
  private void work() {
    if (working.compareAndSet(false, true)) {
      announce();
      workers.values().forEach(threads::execute);
    }
  }

  private void announce() {
    try {
      runs.catalogues().add(catalogue.fingerprint());
    } catch (IOException | JetStreamApiException | RuntimeException e) {
      LOG.warn("Other instances do not know the catalogue of this one", e);
    }
  }

  private void observe(RunEntry entry) {
    String pipeline = entry.trigger().pipeline();
    PipelineWorker worker = pipeline == null ? null : workers.get(pipeline);
    if (worker != null) {
      worker.observe(entry);
    } else if (!entry.isClosed() && entry.plan() != null && unknown.add(pipeline)) {
      LOG.atWarn()
          .addKeyValue("pipeline", pipeline)
          .log("has runs that nobody follows, because the catalogue no longer has it");
    }
  }

  /** Stops following; what is left is gone on with by another instance, at once. */
  @Override
  protected void doStop() {
    watch.cancel(true);
    workers.values().forEach(PipelineWorker::stop);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(STOPPED_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
