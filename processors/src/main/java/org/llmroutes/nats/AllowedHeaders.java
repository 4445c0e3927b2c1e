package org.llmroutes.nats;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.llmroutes.telemetry.TraceContext;

/**
 * The NATS headers that may pass between a message and an exchange. All others are dropped: a
 * header such as {@code CamelHttpUri} from outside would steer producers.
 */
public final class AllowedHeaders {
  private static final Set<String> INBOUND =
      Set.of("traceparent", "tracestate", "nats-msg-id", "content-type");

  /** Characters of a value; what W3C Trace Context wants of tracestate, the longest of them. */
  private static final int LONGEST_VALUE = 512;

  private AllowedHeaders() {}

  /**
   * Whether a header of a received message becomes a header of the exchange; a long one could leave
   * no room for the answer that it goes out with, and what is no trace goes no further.
   */
  public static boolean inbound(String name, String value) {
    return inbound(name) && value.length() <= LONGEST_VALUE && TraceContext.isValid(name, value);
  }

  /** The first value; of a trace all, since several are either one or none. */
  public static String value(String name, List<String> values) {
    return TraceContext.isHeader(name) ? String.join(",", values) : values.get(0);
  }

  /** Whether a header of that name may become one of the exchange. */
  public static boolean inbound(String name) {
    return INBOUND.contains(name.toLowerCase(Locale.ROOT));
  }

  /**
   * Whether a header of the exchange goes out with a message. An inbound {@code Nats-Msg-Id} never
   * does: on a second output it would make the server drop it as a duplicate.
   */
  public static boolean outbound(String name) {
    return name.startsWith("Dlq-") || inbound(name) && !"Nats-Msg-Id".equalsIgnoreCase(name);
  }
}
