package org.llmroutes.gateway;

import org.apache.camel.Exchange;
import org.llmroutes.identity.Identity;
import org.llmroutes.turn.TurnLedger;
import org.llmroutes.turn.TurnOpening;
import org.llmroutes.turn.TurnProcessor;

/** Lets go on whoever's request it is; to everybody else it is unknown. */
public class RequireOwnRequest extends TurnProcessor {

  @Override
  public void process(Exchange exchange) throws Exception {
    String id = exchange.getVariable(HttpTurnsConstants.REQUEST_ID, String.class);
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    if (!TurnOpening.isToken(id)
        || !service(TurnLedger.class).userOf(id).filter(identity.userId()::equals).isPresent()) {
      throw HttpProblem.unknown("There is no request " + id + " of yours, or it is over a day old");
    }
  }
}
