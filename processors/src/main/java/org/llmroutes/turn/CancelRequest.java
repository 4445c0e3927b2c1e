package org.llmroutes.turn;

import org.apache.camel.Exchange;

/**
 * Stops the request that the subject {@code ai.cancel.{request_id}} names: at once where this
 * instance works on it, when its turn comes where it waits or has not arrived.
 */
public class CancelRequest extends TurnProcessor {

  @Override
  public void process(Exchange exchange) throws Exception {
    String subject = exchange.getMessage().getHeader("CamelNatsSubject", String.class);
    String requestId = subject.substring(subject.lastIndexOf('.') + 1);
    if (TurnOpening.isToken(requestId)) {
      service(TurnsInWork.class).find(requestId).ifPresent(Turn::cancel);
      service(TurnLedger.class).cancel(requestId);
    }
  }
}
