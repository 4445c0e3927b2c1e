package org.llmroutes.tests;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.pipelines.PipelineEngine;
import org.llmroutes.pipelines.PipelineRun;
import org.llmroutes.pipelines.RunState;
import org.llmroutes.pipelines.RunState.Phase;
import org.llmroutes.pipelines.StartedRun;

/**
 * A system that runs pipelines as a test says. It outlives instances of the product, as a cluster
 * does, and knows each run by its name.
 */
final class ScriptedEngine implements PipelineEngine {
  private final Map<String, PipelineRun> created = new ConcurrentHashMap<>();
  private final Map<String, RunState> states = new ConcurrentHashMap<>();
  private final List<String> order = new CopyOnWriteArrayList<>();
  private final List<String> stopped = new CopyOnWriteArrayList<>();
  private final List<Consumer<String>> observers = new CopyOnWriteArrayList<>();
  private final List<Map.Entry<String, Boolean>> changes = new CopyOnWriteArrayList<>();
  private final Map<String, Gate> gates = new ConcurrentHashMap<>();
  private final List<Gate> all = new CopyOnWriteArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile TurnException failure;
  private volatile boolean stopsAtOnce = true;
  private volatile boolean byItself;

  @Override
  public StartedRun start(PipelineRun run) {
    failWhereScripted();
    passing("before start");
    synchronized (this) {
      if (created.putIfAbsent(run.requestId(), run) == null) {
        order.add(run.requestId());
        states.put(run.requestId(), new RunState(Phase.PENDING, "", ""));
        changes.add(Map.entry(run.requestId(), true));
      }
    }
    passing("after start");
    return new StartedRun(run.name(), "ai-ml", "https://argo.test/" + run.name());
  }

  @Override
  public Optional<RunState> look(PipelineRun run) {
    failWhereScripted();
    passing("look");
    RunState state = states.get(run.requestId());
    if (byItself && state != null && !state.phase().isFinal()) {
      boolean first = state.phase() == Phase.PENDING;
      tell(run.requestId(), first ? Phase.RUNNING : Phase.SUCCEEDED, "", first ? "1/2" : "2/2");
      return Optional.of(states.get(run.requestId()));
    }
    return Optional.ofNullable(state);
  }

  @Override
  public void stop(PipelineRun run) {
    failWhereScripted();
    stopped.add(run.requestId());
    RunState state = states.get(run.requestId());
    if (stopsAtOnce && state != null && !state.phase().isFinal()) {
      tell(run.requestId(), Phase.STOPPED, "terminated", "");
    }
  }

  @Override
  public void onChange(Consumer<String> runName) {
    observers.add(runName);
  }

  @Override
  public void close() {
    // it belongs to the test
  }

  /** Moves a run on, and says so. */
  void tell(String requestId, Phase phase, String message, String progress) {
    states.put(requestId, new RunState(phase, message, progress));
    if (phase.isFinal()) {
      changes.add(Map.entry(requestId, false));
    }
    observers.forEach(observer -> observer.accept(created.get(requestId).name()));
  }

  /** Says what keeps a run from going on. */
  void obstruct(String requestId, String obstacle) {
    RunState before = states.get(requestId);
    states.put(
        requestId, new RunState(before.phase(), before.message(), before.progress(), obstacle));
    observers.forEach(observer -> observer.accept(created.get(requestId).name()));
  }

  void succeed(String requestId) {
    tell(requestId, Phase.SUCCEEDED, "", "");
  }

  /** Forgets a run, as a cluster that was tidied up does. */
  void forget(String requestId) {
    states.remove(requestId);
  }

  /** From now on every call fails so; null ends that. */
  void fail(ErrorCode code, String message) {
    failures.set(0);
    failure = code == null ? null : new TurnException(code, message);
  }

  private void failWhereScripted() {
    TurnException scripted = failure;
    if (scripted != null) {
      failures.incrementAndGet();
      throw scripted;
    }
  }

  /** Whether a run that is to be stopped has then stopped. */
  void stopsAtOnce(boolean atOnce) {
    stopsAtOnce = atOnce;
  }

  /** From now on runs go on, and to their end, by being looked at. */
  void runsByItself() {
    byItself = true;
  }

  /**
   * Whoever comes to this point next waits there.
   *
   * @return opens once somebody has come
   */
  CountDownLatch hold(String point) {
    Gate gate = new Gate(new CountDownLatch(1), new CountDownLatch(1));
    gates.put(point, gate);
    all.add(gate);
    return gate.reached();
  }

  /** Those that wait go on waiting; later ones pass. */
  void holdNoMoreNewcomers(String point) {
    gates.remove(point);
  }

  /** Lets everybody go on. */
  void letGo() {
    gates.clear();
    all.forEach(gate -> gate.opened().countDown());
  }

  private record Gate(CountDownLatch reached, CountDownLatch opened) {}

  private void passing(String point) {
    Gate gate = gates.get(point);
    if (gate != null) {
      gate.reached().countDown();
      try {
        gate.opened().await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TurnException(ErrorCode.UNAVAILABLE, "Interrupted", e);
      }
    }
  }

  /** Request ids of the runs that were ever created, in that order. */
  List<String> order() {
    return order;
  }

  PipelineRun run(String requestId) {
    return created.get(requestId);
  }

  boolean stopped(String requestId) {
    return stopped.contains(requestId);
  }

  /** Of these runs, how many went on at the same time, at most. */
  int mostAtOnce(Collection<String> requestIds) {
    int most = 0;
    Set<String> now = new HashSet<>();
    for (Map.Entry<String, Boolean> change : changes) {
      if (requestIds.contains(change.getKey())) {
        if (change.getValue()) {
          now.add(change.getKey());
        } else {
          now.remove(change.getKey());
        }
        most = Math.max(most, now.size());
      }
    }
    return most;
  }

  /** Calls that failed as scripted. */
  int failures() {
    return failures.get();
  }
}
