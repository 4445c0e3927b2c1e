package org.llmroutes.turn;

import io.micrometer.core.instrument.Counter;
import io.nats.client.Connection;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.jetstream.JetStreamConstants;
import org.llmroutes.metrics.Meters;
import org.llmroutes.nats.AllowedHeaders;
import org.llmroutes.telemetry.Tracing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts back the original bytes of a request that failed, with headers that say why. Of a request as
 * large as the server takes it keeps the beginning, as much as fits beside the headers.
 */
public class DeadLetter extends TurnProcessor {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetter.class);

  /** The exchange property that keeps the bytes as they came. */
  public static final String ORIGINAL = "llmRoutesOriginal";

  /** The exchange property with the subject of the letters. */
  static final String SUBJECT = "llmRoutesDeadLetters";

  /** The header, only of a letter that is shortened, with the bytes that the request had. */
  public static final String ORIGINAL_BYTES = "Dlq-Original-Bytes";

  /** What the wire and the publisher add to headers: version line, message id, expected stream. */
  private static final int FRAME_BYTES = 256;

  private static final Map<String, Map<String, Counter>> COUNTERS = new ConcurrentHashMap<>();

  static {
    List.of("chat", "voice", "pipeline").forEach(DeadLetter::counters);
  }

  private static final String TRACE = "traceparent";

  @Override
  public void process(Exchange exchange) {
    Failure failure = Failure.of(exchange);
    tell(exchange, failure);
    Tracing.current().root().fail(failure.code().wire());
    String subject = exchange.getProperty(SUBJECT, String.class);
    count(subject.substring(subject.lastIndexOf('.') + 1), failure.code());
    Message message = exchange.getMessage();
    message.getHeaders().putAll(reason(failure.code(), failure.reason()));
    message.getHeaders().putAll(origin(message));
    message.setHeader(
        JetStreamConstants.MESSAGE_ID,
        message.getHeader(JetStreamConstants.STREAM)
            + "."
            + message.getHeader(JetStreamConstants.STREAM_SEQUENCE));
    message.setHeader(JetStreamConstants.PUBLISH_SUBJECT, subject);
    message.setBody(fitting(exchange.getProperty(ORIGINAL, byte[].class), message));
  }

  private static Map<String, Counter> counters(String family) {
    return COUNTERS.computeIfAbsent(
        family,
        unknown ->
            Meters.counters(
                "llm.routes.dead.letters",
                "Requests that were given up and kept in AI_DLQ",
                "code",
                Arrays.stream(ErrorCode.values()).map(ErrorCode::wire).toList(),
                "family",
                family));
  }

  /**
   * Counts a letter.
   *
   * @param family of its subject, {@code ai.dlq.{family}}
   */
  public static void count(String family, ErrorCode code) {
    counters(family).get(code.wire()).increment();
  }

  /** What nobody foresaw is told here alone; messages do not say it. */
  private static void tell(Exchange exchange, Failure failure) {
    if (failure.code() == ErrorCode.INTERNAL) {
      LOG.atError()
          .addKeyValue("request_id", Turn.find(exchange).map(Turn::requestId).orElse(""))
          .setCause(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class))
          .log("request given up");
    }
  }

  private byte[] fitting(byte[] original, Message letter) {
    long room =
        service(Connection.class).getMaxPayload() - FRAME_BYTES - headerBytes(letter.getHeaders());
    if (original.length <= room) {
      return original;
    }
    letter.setHeader(ORIGINAL_BYTES, original.length);
    return Arrays.copyOf(original, (int) room);
  }

  private static int headerBytes(Map<String, Object> headers) {
    return headers.entrySet().stream()
        .filter(header -> AllowedHeaders.outbound(header.getKey()) && header.getValue() != null)
        .mapToInt(header -> header.getKey().length() + header.getValue().toString().length() + 4)
        .sum();
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
