package org.llmroutes.gateway;

import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.llmroutes.identity.Identity;
import org.llmroutes.pipelines.PipelineRuns;
import org.llmroutes.turn.TurnOpening;
import org.llmroutes.turn.TurnProcessor;

/** The body becomes the last status of a run; to everybody but its user it is unknown. */
public class FindRun extends TurnProcessor {

  @Override
  public void process(Exchange exchange) throws Exception {
    String id = exchange.getVariable(HttpTurnsConstants.REQUEST_ID, String.class);
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    Optional<Map<String, Object>> status =
        TurnOpening.isToken(id) ? service(PipelineRuns.class).status(id) : Optional.empty();
    exchange
        .getMessage()
        .setBody(
            status
                .filter(last -> identity.userId().equals(last.get("user_id")))
                .orElseThrow(() -> HttpProblem.unknown("There is no run " + id + " of yours")));
  }
}
