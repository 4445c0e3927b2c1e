package org.llmroutes.turn;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.ErrorAnswer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names the step that failed in {@code degraded}; the turn goes on without it. */
public class NoteDegraded implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(NoteDegraded.class);

  @Override
  public void process(Exchange exchange) {
    StepException failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, StepException.class);
    Turn turn = Turn.of(exchange);
    turn.degraded().add(failure.step());
    LOG.atWarn()
        .addKeyValue("request_id", turn.requestId())
        .addKeyValue("step", failure.step())
        .addKeyValue("reason", ErrorAnswer.withoutWords(failure))
        .log("step done without");
  }
}
