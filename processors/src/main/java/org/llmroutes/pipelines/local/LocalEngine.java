package org.llmroutes.pipelines.local;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.llmroutes.batch.BatchInference;
import org.llmroutes.config.Settings;
import org.llmroutes.errors.TurnException;
import org.llmroutes.ingest.Ingestion;
import org.llmroutes.pipelines.PipelineEngine;
import org.llmroutes.pipelines.PipelineRun;
import org.llmroutes.pipelines.RunState;
import org.llmroutes.pipelines.RunState.Phase;
import org.llmroutes.pipelines.StartedRun;
import org.llmroutes.retrieval.MilvusConnection;
import org.llmroutes.upload.Uploads;

/**
 * Runs {@code document-ingestion} and {@code batch-inference} in this process, on files below the
 * folder that {@code pipelines.local.root} names, and {@code document-upload} on what was uploaded.
 * Two run at a time, further ones are pending.
 *
 * <p>Runs live in memory. One that was started before a restart, or on another instance, is gone on
 * with when it is looked at: an ingestion only looks up what it has written, a batch skips what it
 * has answered.
 */
public final class LocalEngine implements PipelineEngine {
  private static final int AT_A_TIME = 2;

  /** Ended runs that can still be looked at. */
  private static final int KEPT = 1000;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final MilvusConnection milvus;
  private final Map<String, LocalJob> jobs;
  private final ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
  private final Map<String, LocalRun> runs = new LinkedHashMap<>();
  private volatile Consumer<String> onChange = name -> {};

  /**
   * Its calls to the AI services are its own, so that chat never waits for them.
   *
   * @param milvus closed with the engine
   */
  public LocalEngine(Settings settings, MilvusConnection milvus, Uploads uploads) {
    this.milvus = milvus;
    AllowedFolder folder = AllowedFolder.of(settings.path(settings.get("pipelines.local.root")));
    Ingestion ingestion = Ingestion.of(settings, milvus);
    jobs =
        Map.of(
            "document-ingestion", new IngestionJob(ingestion, folder),
            "document-upload", new UploadJob(ingestion, uploads),
            "batch-inference", new BatchJob(BatchInference.of(settings), folder));
  }

  @Override
  public String title() {
    return "The local engine";
  }

  @Override
  public StartedRun start(PipelineRun run) {
    LocalJob job = jobs.get(run.pipeline());
    if (job == null) {
      throw AllowedFolder.rejected("The local engine has no pipeline " + run.pipeline());
    }
    synchronized (runs) {
      if (!runs.containsKey(run.name())) {
        LocalRun started =
            new LocalRun(run.name(), job.prepare(run), () -> onChange.accept(run.name()));
        runs.put(run.name(), started);
        forgetOldest();
        threads.execute(started);
      }
    }
    return new StartedRun(run.name(), "", "");
  }

  private void forgetOldest() {
    if (runs.size() > KEPT) {
      runs.entrySet().stream()
          .filter(run -> run.getValue().state().phase().isFinal())
          .findFirst()
          .ifPresent(run -> runs.remove(run.getKey()));
    }
  }

  @Override
  public Optional<RunState> look(PipelineRun run) {
    Optional<RunState> state = found(run).map(LocalRun::state);
    return state.isPresent() || run.id().isEmpty() ? state : Optional.of(goOn(run));
  }

  private RunState goOn(PipelineRun run) {
    try {
      start(run);
      return new RunState(Phase.PENDING, "", "");
    } catch (TurnException e) {
      return new RunState(Phase.FAILED, e.getMessage(), "");
    }
  }

  @Override
  public void stop(PipelineRun run) {
    found(run).ifPresent(LocalRun::stop);
  }

  private Optional<LocalRun> found(PipelineRun run) {
    synchronized (runs) {
      return Optional.ofNullable(runs.get(run.name()));
    }
  }

  @Override
  public void onChange(Consumer<String> runName) {
    onChange = runName;
  }

  /** Interrupts what runs; nothing more is told of it. */
  @Override
  public void close() {
    onChange = name -> {};
    threads.shutdownNow();
    synchronized (runs) {
      runs.values().forEach(LocalRun::stop);
    }
    try {
      threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    milvus.close();
  }
}
