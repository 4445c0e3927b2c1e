package org.llmroutes.telemetry;

import java.util.List;
import java.util.function.UnaryOperator;

/** Makes spans that are part of no other work in this process, and keeps the newest ones. */
interface Tracer extends AutoCloseable {
  /**
   * @param headers gives the value of a header of what was received, or null
   */
  Span receive(Span.Kind kind, String name, UnaryOperator<String> headers);

  /** Work elsewhere, to begin more of it here. */
  Span continued(String traceparent);

  /** The spans of all traces that a request has, begun or ended, by when they began. */
  List<SpanView> find(String requestId);

  /** Whether spans may say what was asked and answered. */
  boolean keepsContent();

  /** Hands on what is left, within a moment. */
  @Override
  void close();
}
