package org.llmroutes.pipelines;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/** The gauges of the runs of a pipeline that have not ended. */
final class OpenRunMeters {
  /** After so much of it beyond its deadline a run is shown as overdue. */
  private static final Duration OVERDUE = Duration.ofMinutes(5);

  private OpenRunMeters() {}

  /**
   * @param open the runs, whoever changes them; shown for as long as somebody else holds it
   */
  static void show(String pipeline, Map<String, OpenRun> open, MeterRegistry registry) {
    Tags labels = Tags.of("pipeline", pipeline);
    openRuns(open, labels.and("state", "waiting"), OpenRun::isWaiting, registry);
    openRuns(open, labels.and("state", "started"), OpenRun::isStarted, registry);
    Gauge.builder("llm.routes.pipeline.longest.wait.seconds", open, OpenRunMeters::longestWait)
        .description("How long the oldest run waits for its start; 0 where none does")
        .tags(labels)
        .register(registry);
    Gauge.builder(
            "llm.routes.pipeline.overdue.runs",
            open,
            runs -> count(runs, run -> run.isOverdueBy(OVERDUE)))
        .description("Runs that have not ended five minutes after their deadline")
        .tags(labels)
        .register(registry);
  }

  private static void openRuns(
      Map<String, OpenRun> open, Tags labels, Predicate<OpenRun> which, MeterRegistry registry) {
    Gauge.builder("llm.routes.pipeline.open.runs", open, runs -> count(runs, which))
        .description("Runs that have not ended, by whether their engine has started them")
        .tags(labels)
        .register(registry);
  }

  private static long count(Map<String, OpenRun> open, Predicate<OpenRun> which) {
    return open.values().stream().filter(which).count();
  }

  private static double longestWait(Map<String, OpenRun> open) {
    return open.values().stream().mapToLong(run -> run.waiting().toMillis()).max().orElse(0)
        / 1000.0;
  }
}
