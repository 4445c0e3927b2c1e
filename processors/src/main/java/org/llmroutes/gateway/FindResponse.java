package org.llmroutes.gateway;

import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.llmroutes.turn.TurnProcessor;

/** The final response of a request as the body; 202 while there is none. */
public class FindResponse extends TurnProcessor {

  @Override
  public void process(Exchange exchange) throws Exception {
    String id = exchange.getVariable(HttpTurnsConstants.REQUEST_ID, String.class);
    Optional<Map<String, Object>> found =
        service(StoredAnswers.class).response("ai.*.response." + id);
    if (found.isPresent()) {
      exchange.getMessage().setBody(found.get());
      return;
    }
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 202);
    exchange.getMessage().setBody(Map.of("request_id", id));
  }
}
