package org.llmroutes.nats;

import io.nats.client.Connection;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/** The wish that a request is stopped, as every instance hears it. */
public final class CancelMessage {
  private CancelMessage() {}

  /**
   * Sends it, without waiting for anybody.
   *
   * @param subject {@code ai.cancel.{request_id}}, or that of a user
   * @param payload of the contract's cancel, or nothing
   */
  public static void publish(Connection connection, String subject, byte[] payload) {
    Span span = MessageSpans.publish(Tracing.current(), "ai.cancel", subject);
    try {
      connection.publish(subject, TraceHeaders.of(span), payload);
    } finally {
      span.end();
    }
  }
}
