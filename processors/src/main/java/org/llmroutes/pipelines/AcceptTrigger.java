package org.llmroutes.pipelines;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.jetstream.JetStreamConstants;
import org.llmroutes.pipelines.PipelineRuns.Found;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Tracing;
import org.llmroutes.turn.Acceptance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks a decoded trigger against its schema; the body becomes the complete one. A {@code
 * request_id} that was used before starts nothing: the last status is repeated, and the route ends.
 */
public class AcceptTrigger extends Acceptance {
  private static final Logger LOG = LoggerFactory.getLogger(AcceptTrigger.class);
  private static final String SCHEMA = "pipeline-trigger";

  @Override
  public void process(Exchange exchange) throws Exception {
    Map<String, Object> fields = fields(exchange);
    Trigger trigger =
        TriggerFields.read(exchange, fields)
            .orElseThrow(
                () ->
                    new TurnException(
                        ErrorCode.INVALID_MESSAGE,
                        "request_id: must be 1 to 128 of A-Z a-z 0-9 _ -"));
    Tracing.current().root().request(trigger.requestId());
    Tracing.current()
        .root()
        .set(Names.USER_ID, trigger.userId())
        .set(Names.PIPELINE, trigger.pipeline());
    Optional<String> asking = TriggerFields.userOf(exchange);
    Object named = fields.get("user_id");
    if (asking.isPresent() && named != null && !named.equals(asking.get())) {
      throw new TurnException(ErrorCode.REJECTED, "user_id is not the user of the subject");
    }
    Optional<Found> known = service(PipelineRuns.class).find(trigger.requestId());
    if (known.isPresent()) {
      tellAgain(exchange, trigger, known.get());
      exchange.setRouteStop(true);
    } else {
      exchange.getMessage().setBody(complete(SCHEMA, fields));
    }
  }

  private void tellAgain(Exchange exchange, Trigger trigger, Found known)
      throws IOException, JetStreamApiException {
    RunEntry entry = known.entry();
    Tracing.current().root().link(entry.trigger().trace());
    if (!entry.trigger().userId().equals(trigger.userId())) {
      throw new TurnException(ErrorCode.REJECTED, "request_id belongs to another user");
    } else if (entry.trigger().sequence() == trigger.sequence() && entry.told() < 0) {
      finish(known);
    } else if (entry.trigger().sequence() != trigger.sequence() || isNew(exchange)) {
      service(Statuses.class).repeat(entry);
      LOG.atInfo()
          .addKeyValue("request_id", trigger.requestId())
          .log("duplicate trigger not worked on again");
    }
  }

  /** A stream that was made anew counts from one again: the sequence alone may be another's. */
  private static boolean isNew(Exchange exchange) {
    return exchange.getMessage().getHeader(JetStreamConstants.DELIVERY_COUNT, Long.class) == 1;
  }

  /** An earlier delivery of the same message has come no further. */
  private void finish(Found noted) throws IOException, JetStreamApiException {
    RunStatus status = noted.entry().status();
    if (status.status() == Status.REJECTED) {
      throw new TurnException(status.error(), status.message());
    }
    service(Statuses.class).tell(noted);
  }
}
