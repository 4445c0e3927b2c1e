package org.llmroutes.turn;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.metrics.KnownMeters;
import org.llmroutes.metrics.Meters;

/** What is counted of the turns of one route, once each has its answer. */
public final class TurnMeters {
  private static final KnownMeters<String, TurnMeters> OF_ROUTES = new KnownMeters<>();

  private static final List<String> OUTCOMES =
      Stream.concat(
              Stream.of("stop", "length", "cancelled"),
              Arrays.stream(ErrorCode.values())
                  .filter(code -> code != ErrorCode.RUN_FAILED && code != ErrorCode.UNKNOWN)
                  .map(ErrorCode::wire))
          .toList();

  /** Those that errors.camel.yaml does without, and what a prompt is shortened by. */
  private static final List<String> OPTIONAL =
      List.of("history", "rewrite", "embed", "search", "rerank", "tts", "sources");

  private final String route;
  private final Map<String, Counter> outcomes;
  private final Map<String, Counter> degraded = new ConcurrentHashMap<>();
  private final Timer duration;
  private final Timer firstToken;
  private final Timer firstAudio;

  private TurnMeters(String route) {
    this.route = route;
    outcomes =
        Meters.counters(
            "llm.routes.turns",
            "Turns that were answered, by how: stop, length, cancelled or the code of the error",
            "outcome",
            OUTCOMES,
            "route",
            route);
    OPTIONAL.forEach(step -> degraded.put(step, withoutStep(step)));
    duration = timer("llm.routes.turn", "From the request in its stream to the whole answer");
    firstToken =
        timer("llm.routes.turn.first.token", "From the request in its stream to the first token");
    firstAudio =
        timer("llm.routes.turn.first.audio", "From the request in its stream to the first sound");
  }

  private Counter withoutStep(String step) {
    return Meters.counter(
        "llm.routes.turns.degraded",
        "Turns that were answered without a step",
        "route",
        route,
        "step",
        step);
  }

  private Timer timer(String name, String description) {
    return Meters.timer(name, description, Meters.TURN, "route", route);
  }

  /** Those of a route, at zero where it had no turn yet. */
  public static TurnMeters of(String route) {
    return OF_ROUTES.of(route, TurnMeters::new);
  }

  /**
   * Counts a turn.
   *
   * @param outcome the finish reason, or the code of the error
   * @param without the steps that it was answered without
   */
  void count(Turn turn, String outcome, Iterable<?> without) {
    outcomes.getOrDefault(outcome, outcomes.get(ErrorCode.INTERNAL.wire())).increment();
    for (Object step : without) {
      degraded.computeIfAbsent((String) step, this::withoutStep).increment();
    }
    duration.record(
        Math.max(0, System.currentTimeMillis() - turn.arrivedMillis()), TimeUnit.MILLISECONDS);
    turn.firstTokenMillis().ifPresent(millis -> firstToken.record(millis, TimeUnit.MILLISECONDS));
    Long audio = turn.timings().get("first_audio");
    if (audio != null) {
      firstAudio.record(audio + turn.timings().get("queue"), TimeUnit.MILLISECONDS);
    }
  }
}
