package org.llmroutes.nats;

import io.nats.client.impl.Headers;
import org.llmroutes.telemetry.Span;

/** The headers with which a message goes on with a trace. */
public final class TraceHeaders {
  private TraceHeaders() {}

  /** Null while nothing is traced, as the client library takes it. */
  public static Headers of(Span span) {
    return span == Span.NONE ? null : into(new Headers(), span);
  }

  /** The headers with those of the span. */
  public static Headers into(Headers headers, Span span) {
    span.inject(headers::put);
    return headers;
  }
}
