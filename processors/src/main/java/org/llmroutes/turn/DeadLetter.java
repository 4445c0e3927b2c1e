package org.llmroutes.turn;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.jetstream.JetStreamConstants;

/** Puts back the original bytes of a request that failed, with headers that say why. */
public class DeadLetter implements Processor {
  /** The exchange property that keeps the bytes as they came. */
  public static final String ORIGINAL = "llmRoutesOriginal";

  /** The exchange property with the subject of the letters. */
  static final String SUBJECT = "llmRoutesDeadLetters";

  private static final String TRACE = "traceparent";

  @Override
  public void process(Exchange exchange) {
    Failure failure = Failure.of(exchange);
    Message message = exchange.getMessage();
    message.getHeaders().putAll(reason(failure.code(), failure.reason()));
    message.getHeaders().putAll(origin(message));
    message.setHeader(
        JetStreamConstants.MESSAGE_ID,
        message.getHeader(JetStreamConstants.STREAM)
            + "."
            + message.getHeader(JetStreamConstants.STREAM_SEQUENCE));
    message.setHeader(JetStreamConstants.PUBLISH_SUBJECT, exchange.getProperty(SUBJECT));
    message.setBody(exchange.getProperty(ORIGINAL));
  }

  /** The headers that say why. */
  public static Map<String, String> reason(ErrorCode code, String reason) {
    return Map.of("Dlq-Error-Code", code.wire(), "Dlq-Reason", asciiLine(reason));
  }

  /** The headers that say where a request that is being worked on came from. */
  public static Map<String, String> origin(Message request) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Dlq-Delivery-Count", header(request, JetStreamConstants.DELIVERY_COUNT));
    headers.put("Dlq-Subject", header(request, JetStreamConstants.SUBJECT));
    headers.put("Dlq-Stream-Sequence", header(request, JetStreamConstants.STREAM_SEQUENCE));
    String trace = header(request, TRACE);
    if (trace != null) {
      headers.put(TRACE, asciiLine(trace));
    }
    return headers;
  }

  private static String header(Message request, String name) {
    return request.getHeader(name, String.class);
  }

  /** NATS headers are single lines; the reason can hold what a service said. */
  private static String asciiLine(String text) {
    String line = text.replaceAll("[^\\x20-\\x7e]", "?");
    return line.length() <= 512 ? line : line.substring(0, 512);
  }
}
