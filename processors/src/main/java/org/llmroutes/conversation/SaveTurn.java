package org.llmroutes.conversation;

import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.errors.StepException;
import org.llmroutes.turn.Turn;
import org.llmroutes.turn.TurnProcessor;

/**
 * Appends the question and the response in the body to the conversation; an empty answer is not
 * worth remembering.
 */
public class SaveTurn extends TurnProcessor {

  @Override
  public void process(Exchange exchange) throws StepException {
    Turn turn = Turn.of(exchange);
    Map<?, ?> answer = exchange.getMessage().getBody(Map.class);
    String text = (String) answer.get("response");
    if (text.isBlank()) {
      return;
    }
    long start = System.nanoTime();
    String question = (String) exchange.getVariable("request", Map.class).get("message");
    boolean cancelled = "cancelled".equals(answer.get("finish_reason"));
    service(ConversationStore.class)
        .append(
            turn.userId(),
            turn.sessionId(),
            turn.requestId(),
            turn.arrivedMillis(),
            new SavedTurn(question, text, cancelled));
    turn.timings().put("save", (System.nanoTime() - start) / 1_000_000);
  }
}
