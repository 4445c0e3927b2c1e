package org.llmroutes.turn;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.llmroutes.jetstream.JetStreamConstants;

/** Puts back the original bytes of a request that failed, with headers that say why. */
public class DeadLetter implements Processor {
  /** The exchange property that keeps the bytes as they came. */
  public static final String ORIGINAL = "llmRoutesOriginal";

  /** The exchange property with the subject of the letters. */
  static final String SUBJECT = "llmRoutesDeadLetters";

  @Override
  public void process(Exchange exchange) {
    Failure failure = Failure.of(exchange);
    Message message = exchange.getMessage();
    message.setHeader("Dlq-Error-Code", failure.code().wire());
    message.setHeader("Dlq-Reason", asciiLine(failure.reason()));
    message.setHeader(
        "Dlq-Delivery-Count", message.getHeader(JetStreamConstants.DELIVERY_COUNT, String.class));
    message.setHeader("Dlq-Subject", message.getHeader(JetStreamConstants.SUBJECT, String.class));
    message.setHeader(
        "Dlq-Stream-Sequence", message.getHeader(JetStreamConstants.STREAM_SEQUENCE, String.class));
    message.setHeader(
        JetStreamConstants.MESSAGE_ID,
        message.getHeader(JetStreamConstants.STREAM)
            + "."
            + message.getHeader(JetStreamConstants.STREAM_SEQUENCE));
    message.setHeader(JetStreamConstants.PUBLISH_SUBJECT, exchange.getProperty(SUBJECT));
    message.setBody(exchange.getProperty(ORIGINAL));
  }

  /** NATS headers are single lines; the reason can hold what a service said. */
  private static String asciiLine(String text) {
    String line = text.replaceAll("[^\\x20-\\x7e]", "?");
    return line.length() <= 512 ? line : line.substring(0, 512);
  }
}
