package org.llmroutes.turn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Makes the error response of a turn that failed; the text so far, if there is any, goes with it.
 */
public class ComposeError implements Processor {

  @Override
  public void process(Exchange exchange) {
    Turn turn = Turn.of(exchange);
    Failure failure = Failure.of(exchange);
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", failure.code().wire());
    error.put("message", failure.reason());
    error.put("retryable", failure.code().retryable());
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("request_id", turn.requestId());
    answer.put("user_id", turn.userId());
    answer.put("session_id", turn.sessionId());
    answer.put("success", false);
    turn.textSoFar().ifPresent(text -> answer.put("response", text));
    answer.put("error", error);
    exchange.getMessage().setBody(answer);
  }
}
