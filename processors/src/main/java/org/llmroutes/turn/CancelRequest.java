package org.llmroutes.turn;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.llmroutes.errors.TurnException;
import org.llmroutes.msgpack.MsgpackCodec;

/**
 * Stops the request that the subject {@code ai.cancel.{request_id}} names, or, where it is that
 * user's, {@code ai.cancel.user.{user}.{request_id}}: at once where this instance works on it, when
 * its turn comes where it waits or has not arrived. The body becomes a {@link Cancel}, or null
 * where the subject names no request.
 */
public class CancelRequest extends TurnProcessor {
  private static final Pattern SUBJECT =
      Pattern.compile("ai\\.cancel\\.(?:user\\.(?<user>[^.]+)\\.)?(?<id>[^.]+)");

  @Override
  public void process(Exchange exchange) throws Exception {
    String subject = exchange.getMessage().getHeader("CamelNatsSubject", String.class);
    Matcher named = SUBJECT.matcher(subject);
    Cancel cancel = null;
    if (named.matches() && TurnOpening.isToken(named.group("id"))) {
      int heard = spokenUntil(exchange.getMessage().getBody(byte[].class));
      cancel =
          new Cancel(
              named.group("id"),
              named.group("user"),
              heard,
              exchange.getMessage().getHeader("traceparent", String.class));
      boolean stopped = service(TurnsInWork.class).cancel(cancel);
      service(TurnLedger.class).cancel(cancel);
      if (!stopped) {
        // one that had claimed its entry before may have begun only now
        service(TurnsInWork.class).cancel(cancel);
      }
    }
    exchange.getMessage().setBody(cancel);
  }

  /** A cancel counts whatever it carries. */
  private int spokenUntil(byte[] payload) {
    try {
      Map<String, Object> fields =
          payload.length == 0 ? Map.of() : service(MsgpackCodec.class).decodeMap(payload);
      return fields.get("spoken_until") instanceof Number told && told.doubleValue() >= 0
          ? (int) Math.min(told.doubleValue(), Integer.MAX_VALUE)
          : Cancel.UNKNOWN;
    } catch (TurnException e) {
      return Cancel.UNKNOWN;
    }
  }
}
