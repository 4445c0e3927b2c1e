package org.llmroutes.pipelines;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.llmroutes.msgpack.TopLevelFields;
import org.llmroutes.pipelines.PipelineRuns.Found;
import org.llmroutes.turn.DeadLetter;
import org.llmroutes.turn.Failure;
import org.llmroutes.turn.TurnProcessor;

/**
 * Notes a trigger that failed as refused; the body becomes the noted run, or null where there is
 * nobody to answer: no request id can be read, or it is in use already.
 */
public class RefuseTrigger extends TurnProcessor {
  private static final Set<String> ATTRIBUTION = Set.of("request_id", "user_id", "pipeline");

  @Override
  public void process(Exchange exchange) throws Exception {
    byte[] payload = exchange.getProperty(DeadLetter.ORIGINAL, byte[].class);
    Optional<Trigger> trigger =
        TriggerFields.read(exchange, TopLevelFields.read(payload, ATTRIBUTION));
    Found noted = null;
    if (trigger.isPresent()) {
      noted = note(trigger.get(), Failure.of(exchange)).orElse(null);
    }
    exchange.getMessage().setBody(noted);
  }

  private Optional<Found> note(Trigger trigger, Failure failure)
      throws IOException, JetStreamApiException {
    PipelineRuns runs = service(PipelineRuns.class);
    Optional<Found> noted =
        runs.create(RunEntry.refused(trigger, failure.code(), failure.reason()));
    return noted.isPresent() ? noted : known(trigger, runs.find(trigger.requestId()).orElseThrow());
  }

  private Optional<Found> known(Trigger trigger, Found found)
      throws IOException, JetStreamApiException {
    RunEntry entry = found.entry();
    if (!entry.trigger().userId().equals(trigger.userId())) {
      return Optional.empty();
    }
    if (entry.trigger().sequence() == trigger.sequence()) {
      if (entry.status().status() == Status.REJECTED) {
        return Optional.of(found);
      } else if (entry.told() < 0) {
        throw new IllegalStateException(
            trigger.requestId() + " is accepted and will not be refused any more");
      }
    }
    service(Statuses.class).repeat(entry);
    return Optional.empty();
  }
}
