package org.llmroutes.gateway;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.identity.Identity;
import org.llmroutes.pipelines.Catalogue;
import org.llmroutes.pipelines.PipelineRuns;
import org.llmroutes.turn.TurnProcessor;

/**
 * A trigger of the contract for the pipeline that the variable {@code name} names, from {@code
 * parameters} and {@code engine} of the body.
 */
public class TriggerRequest extends TurnProcessor {

  @Override
  public void process(Exchange exchange) throws Exception {
    Map<?, ?> asked = exchange.getMessage().getBody(Map.class);
    String name = exchange.getVariable("name", String.class);
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    service(Catalogue.class)
        .find(name)
        .filter(pipeline -> pipeline.isAllowed(identity.userId()))
        .orElseThrow(() -> HttpProblem.unknown("There is no pipeline " + name));
    String requestId = exchange.getVariable(HttpTurnsConstants.REQUEST_ID, String.class);
    requireOwn(requestId, identity);
    Map<String, Object> trigger = new LinkedHashMap<>();
    trigger.put("request_id", requestId);
    trigger.put("pipeline", name);
    trigger.put("parameters", asked.get("parameters"));
    trigger.put("engine", asked.get("engine"));
    exchange.getMessage().setBody(trigger);
  }

  /** Its statuses are listened to already. */
  private void requireOwn(String requestId, Identity identity)
      throws IOException, JetStreamApiException {
    boolean another =
        service(PipelineRuns.class)
            .status(requestId)
            .filter(status -> !identity.userId().equals(status.get("user_id")))
            .isPresent();
    if (another) {
      throw new TurnException(ErrorCode.REJECTED, "request_id belongs to another user");
    }
  }
}
