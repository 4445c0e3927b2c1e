package org.llmroutes.gateway;

import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.turn.TurnProcessor;

/**
 * Asks whoever works on the request to stop. The body may say {@code spoken_until}, how many code
 * points of the answer were heard; it becomes {@code {"request_id"}}, with 202, since the answer
 * tells when it has stopped.
 */
public class PublishCancel extends TurnProcessor {

  @Override
  public void process(Exchange exchange) {
    String id = exchange.getVariable(HttpTurnsConstants.REQUEST_ID, String.class);
    Object heard = exchange.getMessage().getBody(Map.class).get("spoken_until");
    if (heard != null && !(heard instanceof Integer number && number >= 0)) {
      throw new TurnException(
          ErrorCode.INVALID_MESSAGE, "spoken_until: must be a whole number, not below 0");
    }
    service(Gateway.class)
        .answers()
        .cancel(id, heard == null ? Map.of() : Map.of("spoken_until", heard));
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 202);
    exchange.getMessage().setBody(Map.of("request_id", id));
  }
}
