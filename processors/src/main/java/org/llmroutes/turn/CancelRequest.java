package org.llmroutes.turn;

import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.errors.TurnException;
import org.llmroutes.msgpack.MsgpackCodec;

/**
 * Stops the request that the subject {@code ai.cancel.{request_id}} names: at once where this
 * instance works on it, when its turn comes where it waits or has not arrived. The body becomes a
 * {@link Cancel}, or null where the subject names no request.
 */
public class CancelRequest extends TurnProcessor {

  @Override
  public void process(Exchange exchange) throws Exception {
    String subject = exchange.getMessage().getHeader("CamelNatsSubject", String.class);
    String requestId = subject.substring(subject.lastIndexOf('.') + 1);
    Cancel cancel = null;
    if (TurnOpening.isToken(requestId)) {
      cancel = new Cancel(requestId, spokenUntil(exchange.getMessage().getBody(byte[].class)));
      service(TurnsInWork.class).cancel(cancel);
      service(TurnLedger.class).cancel(requestId);
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
