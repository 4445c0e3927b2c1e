package org.llmroutes.tests;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
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
  private final Map<String, CountDownLatch> reached = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
  private volatile TurnException failure;
  private volatile boolean stopsAtOnce = true;
  private volatile int mostAtOnce;

  @Override
  public StartedRun start(PipelineRun run) {
    failWhereScripted();
    passing("before start");
    synchronized (this) {
      if (created.putIfAbsent(run.requestId(), run) == null) {
        order.add(run.requestId());
        states.put(run.requestId(), new RunState(Phase.PENDING, "", ""));
        mostAtOnce = Math.max(mostAtOnce, running());
      }
    }
    passing("after start");
    return new StartedRun(run.name(), "ai-ml", "https://argo.test/" + run.name());
  }

  @Override
  public Optional<RunState> look(PipelineRun run) {
    failWhereScripted();
    passing("look");
    return Optional.ofNullable(states.get(run.requestId()));
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
    failure = code == null ? null : new TurnException(code, message);
  }

  private void failWhereScripted() {
    TurnException scripted = failure;
    if (scripted != null) {
      throw scripted;
    }
  }

  /** A run that is stopped goes on for a while. */
  void stopSlowly() {
    stopsAtOnce = false;
  }

  /**
   * Whoever comes to this point next waits there, and later ones with it.
   *
   * @return opens once somebody has come
   */
  CountDownLatch hold(String point) {
    CountDownLatch somebody = new CountDownLatch(1);
    held.put(point, new CountDownLatch(1));
    reached.put(point, somebody);
    return somebody;
  }

  /** The next ones pass; those that wait go on waiting. */
  CountDownLatch holdNoMore(String point) {
    reached.remove(point);
    return held.remove(point);
  }

  /** Lets everybody go on. */
  void letGo() {
    new ArrayList<>(held.keySet()).forEach(point -> holdNoMore(point).countDown());
  }

  private void passing(String point) {
    CountDownLatch gate = held.get(point);
    if (gate != null) {
      reached.get(point).countDown();
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TurnException(ErrorCode.UNAVAILABLE, "Interrupted", e);
      }
    }
  }

  private int running() {
    return (int) states.values().stream().filter(state -> !state.phase().isFinal()).count();
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

  /** Runs that went on at the same time, at most. */
  int mostAtOnce() {
    return mostAtOnce;
  }
}
