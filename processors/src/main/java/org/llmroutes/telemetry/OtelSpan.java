package org.llmroutes.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadableSpan;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.llmroutes.errors.TurnException;
import org.slf4j.MDC;

/** A span of OpenTelemetry. */
final class OtelSpan implements Span {
  private static final String TRACE_ID = "trace_id";
  private static final String SPAN_ID = "span_id";
  private static final String REQUEST_ID = "request_id";

  private final OtelTracer tracer;
  private final io.opentelemetry.api.trace.Span span;
  private final Context context;
  private final OtelSpan root;
  private final AtomicBoolean failed = new AtomicBoolean();

  /**
   * @param context with the span in it
   * @param root null where it is part of nothing here
   */
  OtelSpan(
      OtelTracer tracer, io.opentelemetry.api.trace.Span span, Context context, OtelSpan root) {
    this.tracer = tracer;
    this.span = span;
    this.context = context;
    this.root = root;
  }

  @Override
  public boolean isRecorded() {
    return span.isRecording();
  }

  @Override
  public boolean isContinued() {
    return span.getSpanContext().isRemote();
  }

  @Override
  public Span begin(Kind kind, String name) {
    return begin(kind, name, null);
  }

  @Override
  public Span begin(Kind kind, String name, Instant at) {
    return tracer.begin(context, kind, name, at, root());
  }

  @Override
  public Span set(String attribute, String value) {
    if (value != null) {
      span.setAttribute(attribute, value);
    }
    return this;
  }

  @Override
  public Span set(String attribute, long value) {
    span.setAttribute(attribute, value);
    return this;
  }

  @Override
  public Span set(String attribute, double value) {
    span.setAttribute(attribute, value);
    return this;
  }

  @Override
  public Span set(String attribute, List<String> values) {
    span.setAttribute(AttributeKey.stringArrayKey(attribute), values);
    return this;
  }

  @Override
  public String get(String attribute) {
    return span instanceof ReadableSpan kept
        ? kept.getAttribute(AttributeKey.stringKey(attribute))
        : null;
  }

  @Override
  public OtelSpan root() {
    return root == null ? this : root;
  }

  @Override
  public void request(String requestId) {
    root().set(Names.REQUEST_ID, requestId);
    MDC.put(REQUEST_ID, requestId);
  }

  @Override
  public void link(String traceparent) {
    SpanContext other =
        io.opentelemetry.api.trace.Span.fromContext(OtelTracer.context(traceparent))
            .getSpanContext();
    if (other.isValid()) {
      span.addLink(other);
    }
  }

  /** A description could hold what was asked or answered. */
  @Override
  public void fail(String errorType) {
    if (failed.compareAndSet(false, true)) {
      span.setAttribute(Names.ERROR_TYPE, errorType);
      span.setStatus(StatusCode.ERROR, errorType);
    }
  }

  @Override
  public void fail(Throwable failure) {
    fail(
        failure instanceof TurnException known
            ? known.code().wire()
            : failure.getClass().getName());
  }

  @Override
  public void inject(BiConsumer<String, String> headers) {
    tracer.propagator().inject(context, headers, BiConsumer::accept);
  }

  @Override
  public String traceparent() {
    String[] found = new String[1];
    W3CTraceContextPropagator.getInstance()
        .inject(
            context,
            found,
            (carrier, name, value) -> {
              if ("traceparent".equals(name)) {
                carrier[0] = value;
              }
            });
    return found[0];
  }

  @Override
  public Scope enter() {
    Span before = Tracing.current(this);
    String traceBefore = MDC.get(TRACE_ID);
    String spanBefore = MDC.get(SPAN_ID);
    String requestBefore = MDC.get(REQUEST_ID);
    MDC.put(TRACE_ID, span.getSpanContext().getTraceId());
    MDC.put(SPAN_ID, span.getSpanContext().getSpanId());
    String requestId = root().get(Names.REQUEST_ID);
    if (requestId != null) {
      MDC.put(REQUEST_ID, requestId);
    }
    AtomicBoolean left = new AtomicBoolean();
    return () -> {
      if (left.compareAndSet(false, true)) {
        Tracing.current(before);
        restore(TRACE_ID, traceBefore);
        restore(SPAN_ID, spanBefore);
        if (before == null) {
          restore(REQUEST_ID, requestBefore);
        }
      }
    };
  }

  private static void restore(String key, String value) {
    if (value == null) {
      MDC.remove(key);
    } else {
      MDC.put(key, value);
    }
  }

  @Override
  public void end() {
    span.end();
  }

  @Override
  public void end(Instant at) {
    span.end(at);
  }
}
