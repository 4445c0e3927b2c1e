package org.llmroutes.conversation;

import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.llmroutes.turn.Cancel;
import org.llmroutes.turn.TurnLedger;
import org.llmroutes.turn.TurnProcessor;

/**
 * Cuts the answer of a finished turn off in the conversation, where the cancel in the body says how
 * much of it was heard: an answer is written long before it is spoken.
 */
public class CutOffTurn extends TurnProcessor {

  @Override
  public void process(Exchange exchange) throws Exception {
    Cancel cancel = exchange.getMessage().getBody(Cancel.class);
    if (cancel == null || cancel.spokenUntil() == Cancel.UNKNOWN) {
      return;
    }
    Optional<Map<String, Object>> answer = service(TurnLedger.class).answer(cancel.requestId());
    if (answer.isPresent() && cancel.concerns((String) answer.get().get("user_id"))) {
      service(ConversationStore.class)
          .cutOff(
              (String) answer.get().get("user_id"),
              (String) answer.get().get("session_id"),
              cancel.requestId(),
              cancel.spokenUntil());
    }
  }
}
