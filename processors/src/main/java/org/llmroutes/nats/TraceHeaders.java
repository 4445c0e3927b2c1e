package org.llmroutes.nats;

import io.nats.client.impl.Headers;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/** The headers with which a message goes on with a trace. */
public final class TraceHeaders {
  private TraceHeaders() {}

  /** Of what this thread works on; null while nothing is traced, as the client library takes it. */
  public static Headers ofCurrent() {
    return of(Tracing.current());
  }

  /** Null while nothing is traced. */
  public static Headers of(Span span) {
    return span == Span.NONE ? null : into(new Headers(), span);
  }

  /** The headers with those of the span. */
  public static Headers into(Headers headers, Span span) {
    span.inject(headers::put);
    return headers;
  }
}
