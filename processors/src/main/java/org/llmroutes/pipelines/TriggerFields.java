package org.llmroutes.pipelines;

import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.llmroutes.jetstream.JetStreamConstants;
import org.llmroutes.nats.UserSubjects;
import org.llmroutes.telemetry.Tracing;
import org.llmroutes.turn.TurnOpening;

/** What a trigger says of itself, as far as it can be read. */
final class TriggerFields {
  private static final int LONGEST_NAME = 128;

  private TriggerFields() {}

  /**
   * Without an engine; empty where no usable {@code request_id} is there. The user is that of the
   * subject, where it has one.
   */
  static Optional<Trigger> read(Exchange exchange, Map<?, ?> fields) {
    return TurnOpening.token(fields.get("request_id"))
        .map(
            id ->
                new Trigger(
                    id,
                    userOf(exchange)
                        .or(() -> TurnOpening.token(fields.get("user_id")))
                        .orElse(Trigger.ANONYMOUS),
                    name(fields.get("pipeline")),
                    null,
                    exchange.getMessage().getHeader(JetStreamConstants.STREAM_SEQUENCE, Long.class),
                    Tracing.current().root().traceparent()));
  }

  /** Absent for a trusted client, whose trigger says itself for whom it is. */
  static Optional<String> userOf(Exchange exchange) {
    return TurnOpening.token(
        UserSubjects.userOf(
            exchange.getMessage().getHeader(JetStreamConstants.SUBJECT, String.class)));
  }

  private static String name(Object value) {
    return value instanceof String text && text.length() <= LONGEST_NAME ? text : null;
  }
}
