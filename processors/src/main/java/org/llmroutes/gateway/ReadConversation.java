package org.llmroutes.gateway;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.conversation.ConversationList;
import org.llmroutes.identity.Identity;
import org.llmroutes.turn.TurnOpening;
import org.llmroutes.turn.TurnProcessor;

/**
 * The body becomes the conversation of whoever asks that the variable {@code session_id} names:
 * {@code {"session_id", "turns"}}.
 */
public class ReadConversation extends TurnProcessor {

  @Override
  public void process(Exchange exchange) {
    String session = exchange.getVariable("session_id", String.class);
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    List<Map<String, Object>> turns =
        TurnOpening.isToken(session)
            ? service(ConversationList.class).turns(identity.userId(), session)
            : List.of();
    if (turns.isEmpty()) {
      throw HttpProblem.unknown("There is no conversation " + session + " of yours");
    }
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("session_id", session);
    told.put("turns", turns);
    exchange.getMessage().setBody(told);
  }
}
