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
public class NoteSent implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger("org.llmroutes.turns");

  @Override
  public void process(Exchange exchange) {
    Turn turn = Turn.of(exchange);
    Sent sent = turn.sent();
    log(turn, sent);
    trace(turn, sent);
    TurnMeters.of(exchange.getFromRouteId()).count(turn, sent.outcome(), sent.degraded());
  }

  private static void log(Turn turn, Sent sent) {
    LOG.atInfo()
        .addKeyValue("request_id", turn.requestId())
        .addKeyValue("user_id", turn.userId())
        .addKeyValue("session_id", turn.sessionId())
        .addKeyValue("attempt", turn.claim().attempt())
        .addKeyValue("outcome", sent.outcome())
        .addKeyValue("degraded", sent.degraded())
        .addKeyValue("timings_ms", sent.timings())
        .log("turn");
  }

  private static void trace(Turn turn, Sent sent) {
    Span span = Tracing.current().root();
    if (!span.isRecorded()) {
      return;
    }
    span.set(Names.OUTCOME, sent.outcome());
    span.link(turn.cancelTrace());
    if (!sent.degraded().isEmpty()) {
      span.set(Names.DEGRADED, sent.degraded().stream().map(String::valueOf).toList());
    }
    if (turnFailed(sent.outcome())) {
      span.fail(sent.outcome());
    }
  }

  /** Not so where the model came to an end by itself. */
  private static boolean turnFailed(String outcome) {
    return !"stop".equals(outcome) && !"length".equals(outcome);
  }
}
