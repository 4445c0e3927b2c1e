package org.llmroutes.openai;

import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.gateway.HttpTurnsConstants;
import org.llmroutes.http.Deadline;
import org.llmroutes.turn.TurnProcessor;
import org.llmroutes.turn.TurnTimeouts;

/** A call that one service answers while its client waits: the body becomes the answer. */
abstract class Call extends TurnProcessor {

  @Override
  @SuppressWarnings("unchecked") // http-turns leaves it so
  public final void process(Exchange exchange) throws Exception {
    Parameters asked = new Parameters(exchange.getMessage().getBody(Map.class));
    Deadline deadline = Deadline.in(service(TurnTimeouts.class).usual());
    answer(exchange, asked, deadline);
  }

  /** Leaves the answer in the body. */
  protected abstract void answer(Exchange exchange, Parameters asked, Deadline deadline)
      throws Exception;

  static String requestId(Exchange exchange) {
    return exchange.getVariable(HttpTurnsConstants.REQUEST_ID, String.class);
  }
}
