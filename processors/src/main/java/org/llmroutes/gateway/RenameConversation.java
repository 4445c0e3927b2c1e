package org.llmroutes.gateway;

import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.conversation.ConversationStore;
import org.llmroutes.identity.Identity;
import org.llmroutes.turn.TurnOpening;
import org.llmroutes.turn.TurnProcessor;

/**
 * Gives the conversation of whoever asks that the variable {@code session_id} names the {@code
 * title} of the body.
 */
public class RenameConversation extends TurnProcessor {

  @Override
  public void process(Exchange exchange) {
    String session = exchange.getVariable("session_id", String.class);
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    Object title = exchange.getMessage().getBody(Map.class).get("title");
    if (!(title instanceof String text) || text.isBlank()) {
      throw HttpProblem.ofField("title", "must be text");
    } else if (!TurnOpening.isToken(session)
        || !service(ConversationStore.class).rename(identity.userId(), session, text)) {
      throw HttpProblem.unknown("There is no conversation " + session + " of yours");
    }
    exchange.getMessage().setBody(null);
  }
}
