package org.llmroutes.pipelines;

import org.apache.camel.Exchange;
import org.llmroutes.turn.Cancel;
import org.llmroutes.turn.TurnProcessor;

/** Notes that the run of the cancelled request in the body is to be stopped, where there is one. */
public class CancelRun extends TurnProcessor {

  @Override
  public void process(Exchange exchange) throws Exception {
    Cancel cancel = exchange.getMessage().getBody(Cancel.class);
    if (cancel != null) {
      service(PipelineRuns.class).cancel(cancel);
    }
  }
}
