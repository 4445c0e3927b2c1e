package org.llmroutes.pipelines;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.errors.TurnException;
import org.llmroutes.jetstream.JetStreamConstants;
import org.llmroutes.jetstream.Settlement;
import org.llmroutes.turn.DeadLetter;
import org.llmroutes.turn.TurnProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks a trigger's pipeline up in the catalogue and completes what is to run; the body becomes the
 * run to enqueue. While several catalogues are in use, what is not in this one is left to others
 * for a while before it is refused.
 */
public class PlanRun extends TurnProcessor {

  private static final Logger LOG = LoggerFactory.getLogger(PlanRun.class);

  /** Deliveries of a trigger that somebody else may know. */
  private static final long LEFT_TO_OTHERS = 2;

  @Override
  public void process(Exchange exchange) throws Exception {
    try {
      plan(exchange);
    } catch (TurnException e) {
      if (!mayBeKnownElsewhere(exchange)) {
        throw e;
      }
      LOG.atInfo()
          .addKeyValue("reason", e.getMessage())
          .log("trigger left to an instance with another catalogue");
      exchange.setProperty(JetStreamConstants.SETTLEMENT, Settlement.NAK.name());
      exchange.setRouteStop(true);
    }
  }

  private boolean mayBeKnownElsewhere(Exchange exchange) throws IOException, JetStreamApiException {
    long delivery = exchange.getMessage().getHeader(JetStreamConstants.DELIVERY_COUNT, Long.class);
    return delivery <= LEFT_TO_OTHERS
        && service(PipelineRuns.class)
            .catalogues()
            .hasOtherThan(service(Catalogue.class).fingerprint());
  }

  @SuppressWarnings("unchecked") // checked against the trigger's schema
  private void plan(Exchange exchange) {
    Map<String, Object> fields = exchange.getMessage().getBody(Map.class);
    Trigger asked = TriggerFields.read(exchange, fields).orElseThrow();
    Pipeline pipeline = service(Catalogue.class).require(asked.pipeline());
    pipeline.requireAllowed(asked.userId());
    String engine =
        pipeline.engine((String) fields.get("engine"), service(PipelineEngines.class).names());
    Trigger trigger =
        new Trigger(
            asked.requestId(),
            asked.userId(),
            pipeline.name(),
            engine,
            asked.sequence(),
            asked.trace());
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
