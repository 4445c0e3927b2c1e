package org.llmroutes.telemetry;

import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;

/** One piece of work as a trace shows it. Safe for concurrent use. */
public interface Span {
  /** What all work is while nothing is traced. */
  Span NONE = new NoSpan();

  /** Whose side of a conversation the work is, as OpenTelemetry has it. */
  enum Kind {
    SERVER,
    CONSUMER,
    INTERNAL,
    CLIENT,
    PRODUCER
  }

  /** Whether anything is kept of it, so that what is set has to be made. */
  boolean isRecorded();

  /** Whether it is {@link Tracing#continued} from elsewhere or earlier, and no work of its own. */
  boolean isContinued();

  /** Begins work that is part of this. */
  Span begin(Kind kind, String name);

  /** The same of work that began earlier. */
  Span begin(Kind kind, String name, Instant at);

  Span set(String attribute, String value);

  Span set(String attribute, long value);

  Span set(String attribute, double value);

  Span set(String attribute, List<String> values);

  /** What was set; null where nothing was. */
  String get(String attribute);

  /** The work in this process that this is part of. */
  Span root();

  /** Says which request the whole work is for; log lines name it from here on. */
  void request(String requestId);

  /**
   * Says that other work belongs to it without being part of it.
   *
   * @param traceparent of that work; nothing where it is null or cannot be read
   */
  void link(String traceparent);

  /** Ended badly; the first reason counts. */
  void fail(String errorType);

  /** The same, by the code of a failure of ours or the class of another. */
  void fail(Throwable failure);

  /** Hands the headers that let another process go on with the trace to {@code (name, value)}. */
  void inject(BiConsumer<String, String> headers);

  /**
   * What {@link #link} and {@link Tracing#continued} take, to be kept; null while nothing is
   * traced.
   */
  String traceparent();

  /** Makes it what {@link Tracing#current} is on this thread, and log lines say so. */
  Scope enter();

  /** The work is done; only the first time counts. */
  void end();

  /** The same of work that was done earlier. */
  void end(Instant at);

  /** While a thread does a piece of work. */
  interface Scope extends AutoCloseable {
    /** On the thread that entered. Whatever was current before is so again. */
    @Override
    void close();
  }
}
