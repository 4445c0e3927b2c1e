package org.llmroutes.pipelines;

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
import java.util.concurrent.TimeUnit;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that what was accepted is started, followed and told to its end, by this instance or
 * another. What it must not forget is in the bucket; it watches that, and keeps in memory which
 * runs are open.
 */
public final class PipelineBridge extends ServiceSupport {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineBridge.class);
  private static final long RETRY_MILLIS = 1000;

  private final PipelineRuns runs;
  private final Map<String, PipelineWorker> workers = new TreeMap<>();
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "pipelines");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param lease how long after an instance has gone another one goes on with its runs
   */
  public PipelineBridge(
      PipelineRuns runs,
      Statuses statuses,
      Catalogue catalogue,
      PipelineEngines engines,
      Duration lease) {
    this.runs = runs;
    RunFollower follower = new RunFollower(runs, statuses, engines);
    LeaseTerms terms = new LeaseTerms(UUID.randomUUID().toString(), lease);
    for (Pipeline pipeline : catalogue.all()) {
      workers.put(pipeline.name(), new PipelineWorker(pipeline, runs, follower, terms, threads));
    }
    engines.onChange(run -> workers.values().forEach(worker -> worker.changed(run)));
  }

  /** Returns at once; work begins when NATS and the bucket are there. */
  @Override
  protected void doStart() {
    threads.execute(this::watch);
  }

  private void watch() {
    try {
      while (!watching()) {
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean watching() throws InterruptedException {
    try {
      runs.watch(this::observe, () -> workers.values().forEach(threads::execute));
      return true;
    } catch (IOException | JetStreamApiException | RuntimeException e) {
      LOG.debug("The bucket pipeline-runs cannot be watched yet", e);
      return false;
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
    workers.values().forEach(PipelineWorker::stop);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
