package org.llmroutes.nats;

import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;

/** Spans of messages that are published. */
public final class MessageSpans {
  private MessageSpans() {}

  /**
   * Begins the span of a message, or of all that one subject gets.
   *
   * @param work that it is part of
   * @param where the stream that keeps it, or how subjects begin that none keeps
   */
  public static Span publish(Span work, String where, String subject) {
    return work.begin(Span.Kind.PRODUCER, "publish " + where)
        .set(Names.MESSAGING_SYSTEM, "nats")
        .set(Names.MESSAGING_OPERATION, "send")
        .set(Names.MESSAGING_DESTINATION, subject);
  }
}
