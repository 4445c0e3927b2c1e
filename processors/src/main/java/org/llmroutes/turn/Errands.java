package org.llmroutes.turn;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.llmroutes.http.PerTaskThreads;
import org.llmroutes.telemetry.Tracing;

/**
 * Work of a turn that is waited for only for a while. What is not done by then goes on by itself
 * until the turn ends: a call to a model that is being loaded, ended early, would end the loading
 * with some servers.
 */
final class Errands {
  private static final Executor THREADS = PerTaskThreads.executor();

  private final Set<FutureTask<?>> underWay = ConcurrentHashMap.newKeySet();

  /**
   * @throws TimeoutException where it is not done yet
   * @throws Exception whatever the work throws
   */
  <T> T waitFor(Callable<T> work, Duration time) throws Exception {
    FutureTask<T> errand = new FutureTask<>(Tracing.carry(work));
    underWay.add(errand);
    THREADS.execute(errand);
    try {
      return errand.get(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } catch (InterruptedException e) {
      errand.cancel(true);
      throw e;
    }
  }

  /** Interrupts what is under way. */
  void end() {
    underWay.forEach(errand -> errand.cancel(true));
  }
}
