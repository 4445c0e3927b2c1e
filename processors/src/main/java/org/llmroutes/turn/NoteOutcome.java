package org.llmroutes.turn;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes how a turn was answered: its one line in the log, what is counted of it, its trace. It
 * comes after the response is stored, so that no client waits for it.
 */
public class NoteOutcome implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger("org.llmroutes.turns");

  @Override
  public void process(Exchange exchange) {
    Turn turn = Turn.of(exchange);
    Outcome outcome = turn.outcome();
    log(turn, outcome);
    trace(turn, outcome);
    TurnMeters.of(exchange.getFromRouteId()).count(turn, outcome.name(), outcome.degraded());
  }

  private static void log(Turn turn, Outcome outcome) {
    LOG.atInfo()
        .addKeyValue("request_id", turn.requestId())
        .addKeyValue("user_id", turn.userId())
        .addKeyValue("session_id", turn.sessionId())
        .addKeyValue("attempt", turn.claim().attempt())
        .addKeyValue("outcome", outcome.name())
        .addKeyValue("degraded", outcome.degraded())
        .addKeyValue("timings_ms", outcome.timings())
        .log("turn");
  }

  private static void trace(Turn turn, Outcome outcome) {
    Span span = Tracing.current().root();
    if (!span.isRecorded()) {
      return;
    }
    span.set(Names.OUTCOME, outcome.name());
    span.link(turn.cancelTrace());
    if (!outcome.degraded().isEmpty()) {
      span.set(Names.DEGRADED, outcome.degraded().stream().map(String::valueOf).toList());
    }
    if (turnFailed(outcome.name())) {
      span.fail(outcome.name());
    }
  }

  /** Not so where the model came to an end by itself. */
  private static boolean turnFailed(String name) {
    return !"stop".equals(name) && !"length".equals(name);
  }
}
