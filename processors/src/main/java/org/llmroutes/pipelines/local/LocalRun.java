package org.llmroutes.pipelines.local;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.llmroutes.errors.TurnException;
import org.llmroutes.pipelines.RunState;
import org.llmroutes.pipelines.RunState.Phase;
import org.llmroutes.progress.Progress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run: waits for a thread, works, ends. */
final class LocalRun implements Runnable, Progress {
  private static final Logger LOG = LoggerFactory.getLogger(LocalRun.class);
  private static final long TOLD_EVERY = Duration.ofSeconds(1).toNanos();

  private final String name;
  private final LocalJob.Work work;
  private final Runnable onChange;
  private volatile RunState state = new RunState(Phase.PENDING, "", "");
  private volatile boolean cancelled;
  private Thread thread;
  private long told;

  /**
   * @param onChange called after each change of phase, and of progress at most once a second
   */
  LocalRun(String name, LocalJob.Work work, Runnable onChange) {
    this.name = name;
    this.work = work;
    this.onChange = onChange;
  }

  RunState state() {
    return state;
  }

  /** Ends the run where it has not begun; else interrupts it. */
  void stop() {
    synchronized (this) {
      cancelled = true;
      if (thread != null) {
        thread.interrupt();
        return;
      } else if (state.phase().isFinal()) {
        return;
      }
      state = new RunState(Phase.STOPPED, "", "");
    }
    onChange.run();
  }

  @Override
  public void run() {
    synchronized (this) {
      if (cancelled) {
        return;
      }
      thread = Thread.currentThread();
      state = new RunState(Phase.RUNNING, "", "");
    }
    onChange.run();
    RunState end = work();
    synchronized (this) {
      thread = null;
      // one that came too late is not for the next run
      Thread.interrupted();
      state = end;
    }
    onChange.run();
  }

  private RunState work() {
    try {
      return end(Phase.SUCCEEDED, work.run(this));
    } catch (CancellationException e) {
      return end(Phase.STOPPED, "");
    } catch (Exception e) {
      return cancelled ? end(Phase.STOPPED, "") : failed(e);
    }
  }

  private RunState failed(Exception e) {
    if (!(e instanceof TurnException || e instanceof JobFailure)) {
      LOG.atError().addKeyValue("run", name).setCause(e).log("run failed");
    }
    return end(Phase.FAILED, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
  }

  private RunState end(Phase phase, String message) {
    return new RunState(phase, message, state.progress());
  }

  @Override
  public void advanced(long done, long total) {
    state = new RunState(Phase.RUNNING, "", done + "/" + total);
    long now = System.nanoTime();
    if (now - told >= TOLD_EVERY) {
      told = now;
      onChange.run();
    }
  }

  @Override
  public boolean cancelled() {
    return cancelled;
  }
}
