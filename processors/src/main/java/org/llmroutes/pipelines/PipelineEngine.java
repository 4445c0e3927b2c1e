package org.llmroutes.pipelines;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * A system that runs pipelines. Every call may be made again, by this instance or another: the name
 * of a run says which one is meant. Safe for concurrent use.
 */
public interface PipelineEngine extends AutoCloseable {

  /** What it is called where people read of it. */
  default String title() {
    return "The engine";
  }

  /**
   * Starts the run, or finds the one of its name that an earlier call has started.
   *
   * @throws org.llmroutes.errors.TurnException {@code rejected} where the engine will never start
   *     it (a missing template, parameters it refuses, no permission), {@code unavailable} where a
   *     later call may succeed
   */
  StartedRun start(PipelineRun run);

  /**
   * Where the run is; empty where the engine does not know it (any more).
   *
   * @throws org.llmroutes.errors.TurnException {@code unavailable} where it cannot be asked
   */
  Optional<RunState> look(PipelineRun run);

  /**
   * Asks the engine to stop the run; returns before it has stopped, and does nothing to one that
   * has ended.
   *
   * @throws org.llmroutes.errors.TurnException {@code unavailable} where it cannot be asked
   */
  void stop(PipelineRun run);

  /**
   * Calls back with the name of a run whose state may have changed, as far as the engine tells by
   * itself; one that does not is looked at from time to time.
   */
  void onChange(Consumer<String> runName);

  @Override
  void close();
}
