package org.llmroutes.pipelines;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.llmroutes.metrics.Meters;

/** What is counted of the runs of the catalogue's pipelines, as their statuses are told. */
final class RunMeters {
  /** What a trigger names may be anything. */
  private static final RunMeters UNKNOWN = new RunMeters("unknown", "unknown");

  private static final Map<String, RunMeters> OF_PIPELINES = new ConcurrentHashMap<>();

  private final Map<String, Counter> ends;
  private final Timer waiting;
  private final Timer running;

  private RunMeters(String pipeline, String engine) {
    String[] labels = {"pipeline", pipeline, "engine", engine};
    ends =
        Meters.counters(
            "llm.routes.pipeline.runs",
            "Runs that have ended, by their last status",
            "status",
            Arrays.stream(Status.values()).filter(Status::isFinal).map(Status::wire).toList(),
            labels);
    waiting =
        Meters.timer(
            "llm.routes.pipeline.wait",
            "From the acceptance of a run to its start",
            Meters.RUN,
            labels);
    running =
        Meters.timer(
            "llm.routes.pipeline.run", "From the start of a run to its end", Meters.RUN, labels);
  }

  /** Shows a pipeline of the catalogue. */
  static void add(Pipeline pipeline) {
    for (String engine : pipeline.engines().keySet()) {
      OF_PIPELINES.computeIfAbsent(
          key(pipeline.name(), engine), unknown -> new RunMeters(pipeline.name(), engine));
    }
  }

  private static String key(String pipeline, String engine) {
    return pipeline + " " + engine;
  }

  /** Counts a status that is told for the first time. */
  static void told(RunEntry entry) {
    OF_PIPELINES
        .getOrDefault(key(entry.trigger().pipeline(), entry.trigger().engine()), UNKNOWN)
        .count(entry);
  }

  private void count(RunEntry entry) {
    RunStatus status = entry.status();
    if (status.status() == Status.SUBMITTED && entry.plan() != null) {
      waiting.record(positive(Duration.between(entry.plan().accepted(), entry.submitted())));
    }
    if (status.status().isFinal()) {
      ends.get(status.status().wire()).increment();
      if (entry.submitted() != null) {
        running.record(positive(Duration.between(entry.submitted(), status.at())));
      }
    }
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
