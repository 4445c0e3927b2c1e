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

/**
 * Ends the stream and makes the final response ready to publish: what was done without, timings,
 * timestamp, and as MessagePack within the server's {@code max_payload}.
 */
public class SendAnswer extends TurnProcessor {
  /** What the headers of a response may take of {@code max_payload}. */
  private static final int HEADER_BYTES = 1024;

  @Override
  @SuppressWarnings("unchecked") // the steps before put the response there
  public void process(Exchange exchange) throws Exception {
    Turn turn = Turn.of(exchange);
    Map<String, Object> answer = new LinkedHashMap<>(exchange.getMessage().getBody(Map.class));
    Set<Object> without =
        new LinkedHashSet<>((List<Object>) answer.getOrDefault("degraded", List.of()));
    without.addAll(turn.degraded());
    List<Object> degraded = new ArrayList<>(without);
    answer.put("degraded", degraded);
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
    turn.outcome(new Outcome(outcome(answer), degraded, timings));
  }

  private static String outcome(Map<String, Object> answer) {
    return answer.get("error") instanceof Map<?, ?> error
        ? (String) error.get("code")
        : (String) answer.get("finish_reason");
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
}
