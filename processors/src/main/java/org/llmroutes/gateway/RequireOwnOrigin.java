package org.llmroutes.gateway;

import org.apache.camel.Exchange;
import org.llmroutes.turn.TurnProcessor;

/** Lets go on what comes from a page that may use the gateway, or from no page at all. */
public class RequireOwnOrigin extends TurnProcessor {

  @Override
  public void process(Exchange exchange) {
    String origin = exchange.getVariable(HttpTurnsConstants.ORIGIN, String.class);
    String authority = exchange.getVariable(HttpTurnsConstants.AUTHORITY, String.class);
    if (!service(Gateway.class).origins().admit(origin, authority)) {
      throw Origins.refusal();
    }
  }
}
