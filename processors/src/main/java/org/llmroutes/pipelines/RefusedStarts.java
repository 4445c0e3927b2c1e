package org.llmroutes.pipelines;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.impl.Headers;
import java.io.IOException;
import org.llmroutes.nats.MessageSpans;
import org.llmroutes.nats.TraceHeaders;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;
import org.llmroutes.turn.DeadLetter;

/**
 * Keeps dead letters of triggers that were accepted and then refused by their engine, when no
 * message is in work any more that a route could keep.
 */
final class RefusedStarts {
  private final Connection connection;

  RefusedStarts(Connection connection) {
    this.connection = connection;
  }

  /** Stores the letter; a second time under the same message id. */
  void keep(RunEntry refused) throws IOException, JetStreamApiException {
    Span span =
        MessageSpans.publish(
            Tracing.continued(refused.trigger().trace()), "AI_DLQ", "ai.dlq.pipeline");
    try {
      publish(refused, span);
    } catch (IOException | JetStreamApiException e) {
      span.fail(e);
      throw e;
    } finally {
      span.end();
    }
    DeadLetter.count("pipeline", refused.status().error());
  }

  private void publish(RunEntry refused, Span span) throws IOException, JetStreamApiException {
    Headers headers =
        new Headers().put("Nats-Msg-Id", "AI_PIPELINE." + refused.trigger().sequence());
    refused.original().headers().forEach(headers::put);
    DeadLetter.reason(refused.status().error(), refused.status().message()).forEach(headers::put);
    connection
        .jetStream()
        .publish("ai.dlq.pipeline", TraceHeaders.into(headers, span), refused.original().payload());
  }
}
