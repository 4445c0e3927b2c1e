package org.llmroutes.pipelines;

import org.apache.camel.Exchange;
import org.llmroutes.pipelines.PipelineRuns.Found;
import org.llmroutes.turn.Cancel;
import org.llmroutes.turn.TurnLedger;
import org.llmroutes.turn.TurnProcessor;

/**
 * Notes the run in the body in the bucket, from where it is started in its turn; the body becomes
 * the noted run. A cancel that came before is noted with it.
 */
public class EnqueueRun extends TurnProcessor {

  @Override
  public void process(Exchange exchange) throws Exception {
    PipelineRuns runs = service(PipelineRuns.class);
    RunEntry entry = exchange.getMessage().getBody(RunEntry.class);
    String id = entry.trigger().requestId();
    String user = entry.trigger().userId();
    Found noted =
        runs.create(entry)
            // the redelivery tells what has become of it
            .orElseThrow(() -> new IllegalStateException(id + " was noted by somebody else"));
    // in this order: a cancel is noted in the ledger before it looks for the run
    if (service(TurnLedger.class).cancelled(id, user)) {
      runs.cancel(new Cancel(id, user, Cancel.UNKNOWN, null));
      noted = runs.find(id).orElseThrow();
    }
    exchange.getMessage().setBody(noted);
  }
}
