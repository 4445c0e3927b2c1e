package org.llmroutes.pipelines;

import org.apache.camel.Exchange;
import org.llmroutes.pipelines.PipelineRuns.Found;
import org.llmroutes.turn.TurnProcessor;

/**
 * Publishes the status of the run in the body, where that is not done; then it is noted as told.
 */
public class SendStatus extends TurnProcessor {

  @Override
  public void process(Exchange exchange) throws Exception {
    Found run = exchange.getMessage().getBody(Found.class);
    if (run.entry().isUntold()) {
      service(Statuses.class).tell(run);
    }
  }
}
