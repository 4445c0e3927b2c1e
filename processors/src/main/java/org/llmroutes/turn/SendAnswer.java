package org.llmroutes.turn;

import io.nats.client.Connection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.llmroutes.jetstream.JetStreamConstants;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.UserSubjects;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the stream and makes the final response ready to publish: what was done without, timings,
 * timestamp, and as MessagePack within the server's {@code max_payload}. Logs the turn's one line.
 */
public class SendAnswer extends TurnProcessor {
  private static final Logger LOG = LoggerFactory.getLogger("org.llmroutes.turns");

  /** What the headers of a response may take of {@code max_payload}. */
  private static final int HEADER_BYTES = 1024;

  @Override
  @SuppressWarnings("unchecked") // the steps before put the response there
  public void process(Exchange exchange) throws Exception {
    Turn turn = Turn.of(exchange);
    Map<String, Object> answer = new LinkedHashMap<>(exchange.getMessage().getBody(Map.class));
    Set<Object> degraded =
        new LinkedHashSet<>((List<Object>) answer.getOrDefault("degraded", List.of()));
    degraded.addAll(turn.degraded());
    answer.put("degraded", new ArrayList<>(degraded));
    if (answer.get("error") instanceof Map<?, ?> error) {
      turn.stream().error((Map<String, Object>) error);
    } else {
      turn.stream().done((String) answer.get("finish_reason"));
    }
    Map<String, Object> timings = new LinkedHashMap<>(turn.timings());
    timings.put("total", turn.elapsedMillis());
    answer.put("timings_ms", timings);
    answer.put("timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    exchange.getMessage().setBody(fitting(answer));
    exchange.getMessage().setHeader(JetStreamConstants.PUBLISH_SUBJECT, turn.responseSubject());
    exchange
        .getMessage()
        .setHeader(
            JetStreamConstants.COPY_SUBJECT,
            UserSubjects.copyOf(turn.responseSubject(), turn.userId()));
    exchange.getMessage().setHeader(JetStreamConstants.MESSAGE_ID, turn.responseId());
    String outcome =
        answer.get("error") instanceof Map<?, ?> error
            ? (String) error.get("code")
            : (String) answer.get("finish_reason");
    trace(turn, outcome, degraded);
    log(turn, answer, outcome, timings);
    TurnMeters.of(exchange.getFromRouteId()).count(turn, outcome, degraded);
  }

  private static void trace(Turn turn, String outcome, Set<Object> degraded) {
    Span span = Tracing.current().root();
    if (!span.isRecorded()) {
      return;
    }
    span.set(Names.OUTCOME, outcome);
    span.link(turn.cancelTrace());
    if (!degraded.isEmpty()) {
      span.set(Names.DEGRADED, degraded.stream().map(String::valueOf).toList());
    }
    if (turnFailed(outcome)) {
      span.fail(outcome);
    }
  }

  /** Not so where the model came to an end by itself. */
  private static boolean turnFailed(String outcome) {
    return !"stop".equals(outcome) && !"length".equals(outcome);
  }

  private byte[] fitting(Map<String, Object> answer) {
    MsgpackCodec codec = service(MsgpackCodec.class);
    long limit = service(Connection.class).getMaxPayload() - HEADER_BYTES;
    byte[] bytes = codec.encode(answer);
    if (bytes.length <= limit || !(answer.get("sources") instanceof List<?> sources)) {
      return bytes;
    }
    answer.put("sources_truncated", true);
    List<Object> shortened = new ArrayList<>(sources);
    answer.put("sources", shortened);
    for (int i = shortened.size() - 1; i >= 0 && bytes.length > limit; i--) {
      Map<Object, Object> source = new LinkedHashMap<>((Map<?, ?>) shortened.get(i));
      source.put("text", "");
      shortened.set(i, source);
      bytes = codec.encode(answer);
    }
    return bytes;
  }

  private static void log(
      Turn turn, Map<String, Object> answer, String outcome, Map<String, Object> timings) {
    LOG.atInfo()
        .addKeyValue("request_id", turn.requestId())
        .addKeyValue("user_id", turn.userId())
        .addKeyValue("session_id", turn.sessionId())
        .addKeyValue("attempt", turn.claim().attempt())
        .addKeyValue("outcome", outcome)
        .addKeyValue("degraded", answer.get("degraded"))
        .addKeyValue("timings_ms", timings)
        .log("turn");
  }
}
