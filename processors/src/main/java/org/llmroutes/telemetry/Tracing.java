package org.llmroutes.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.llmroutes.aside.Aside;
import org.llmroutes.config.Settings;

/**
 * The traces of this process. What a thread does is part of what is {@link #current} on it; work
 * that goes on on another thread is carried there.
 */
public final class Tracing {
  private static final ThreadLocal<Span> CURRENT = new ThreadLocal<>();

  private static volatile Tracer tracer;

  private Tracing() {}

  /**
   * Traces from here on, where the settings say so; to be called before clients are made.
   *
   * @return hands on what is left, within a moment, and traces no more
   */
  public static synchronized Runnable start(Settings settings) {
    TracingSettings wanted = TracingSettings.of(settings);
    if (tracer == null && wanted.isOn()) {
      Optional<Tracer> started = OtelTracer.of(wanted);
      tracer = started.orElse(null);
      return () -> started.ifPresent(Tracing::stop);
    }
    return () -> {};
  }

  private static synchronized void stop(Tracer last) {
    tracer = null;
    last.close();
  }

  public static boolean isOn() {
    return tracer != null;
  }

  /** Whether spans may say what was asked and answered. */
  public static boolean keepsContent() {
    Tracer now = tracer;
    return now != null && now.keepsContent();
  }

  /** What this thread works on. */
  public static Span current() {
    Span span = tracer == null ? null : CURRENT.get();
    return span == null ? Span.NONE : span;
  }

  /**
   * Begins work on something that was received.
   *
   * @param headers gives the value of a header of it, or null; they may be anything
   */
  public static Span receive(Span.Kind kind, String name, UnaryOperator<String> headers) {
    Tracer now = tracer;
    return now == null || Aside.now() ? Span.NONE : now.receive(kind, name, headers);
  }

  /**
   * What this thread works on, else work that was begun elsewhere or earlier.
   *
   * @param traceparent of it, or null
   */
  public static Span continued(String traceparent) {
    Span current = current();
    Tracer now = tracer;
    return now == null || traceparent == null || current != Span.NONE
        ? current
        : now.continued(traceparent);
  }

  /** The newest spans of a request; empty while nothing is traced. */
  public static Optional<List<SpanView>> find(String requestId) {
    return Optional.ofNullable(tracer).map(now -> now.find(requestId));
  }

  /** The same work, done as part of what this thread works on now. */
  public static <T> Callable<T> carry(Callable<T> work) {
    Span span = current();
    return span == Span.NONE
        ? work
        : () -> {
          try (Span.Scope ignored = span.enter()) {
            return work.call();
          }
        };
  }

  /** The same work, done as part of what this thread works on now. */
  public static Runnable carry(Runnable work) {
    Span span = current();
    return span == Span.NONE
        ? work
        : () -> {
          try (Span.Scope ignored = span.enter()) {
            work.run();
          }
        };
  }

  /** Carries along whatever it is given to do. */
  public static Executor carrying(Executor threads) {
    return work -> threads.execute(carry(work));
  }

  /**
   * @return what was so before, or null
   */
  static Span current(Span now) {
    Span before = CURRENT.get();
    if (now == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(now);
    }
    return before;
  }
}
