package org.llmroutes.pipelines;

import java.time.Instant;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.turn.DeadLetter;
import org.llmroutes.turn.TurnProcessor;

/**
 * Looks a trigger's pipeline up in the catalogue and completes what is to run; the body becomes the
 * run to enqueue.
 */
public class PlanRun extends TurnProcessor {

  @Override
  @SuppressWarnings("unchecked") // checked against the trigger's schema
  public void process(Exchange exchange) {
    Map<String, Object> fields = exchange.getMessage().getBody(Map.class);
    Trigger asked = TriggerFields.read(exchange, fields).orElseThrow();
    Pipeline pipeline = service(Catalogue.class).require(asked.pipeline());
    pipeline.requireAllowed(asked.userId());
    String engine =
        pipeline.engine((String) fields.get("engine"), service(PipelineEngines.class).names());
    Trigger trigger =
        new Trigger(asked.requestId(), asked.userId(), pipeline.name(), engine, asked.sequence());
    Plan plan =
        new Plan(
            pipeline.engines().get(engine),
            pipeline.complete((Map<String, Object>) fields.get("parameters")),
            pipeline.deadline(),
            pipeline.patience(),
            Instant.now());
    Original original =
        new Original(
            exchange.getProperty(DeadLetter.ORIGINAL, byte[].class),
            DeadLetter.origin(exchange.getMessage()));
    exchange.getMessage().setBody(RunEntry.accepted(trigger, plan, original));
  }
}
