package org.llmroutes.pipelines;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/** The engines that this installation has, by the names that the catalogue uses. */
public final class PipelineEngines implements AutoCloseable {
  private final Map<String, PipelineEngine> engines;

  public PipelineEngines(Map<String, PipelineEngine> engines) {
    this.engines = Map.copyOf(engines);
  }

  Set<String> names() {
    return engines.keySet();
  }

  /**
   * @throws TurnException {@code unavailable} where this installation does not have it
   */
  PipelineEngine get(String name) {
    PipelineEngine engine = engines.get(name);
    if (engine == null) {
      throw new TurnException(
          ErrorCode.UNAVAILABLE, "The engine " + name + " is not configured on this instance");
    }
    return engine;
  }

  void onChange(Consumer<String> runName) {
    engines.values().forEach(engine -> engine.onChange(runName));
  }

  @Override
  public void close() {
    engines.values().forEach(PipelineEngine::close);
  }
}
