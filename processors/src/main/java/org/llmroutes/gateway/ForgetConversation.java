package org.llmroutes.gateway;

import io.nats.client.Connection;
import org.apache.camel.Exchange;
import org.llmroutes.conversation.ConversationStore;
import org.llmroutes.forget.Forgetting;
import org.llmroutes.forget.Person;
import org.llmroutes.identity.Identity;
import org.llmroutes.turn.TurnOpening;
import org.llmroutes.turn.TurnProcessor;

/**
 * Deletes all that is kept of the conversation of whoever asks that the variable {@code session_id}
 * names. What is in work is left to be answered, and said so with 409.
 */
public class ForgetConversation extends TurnProcessor {

  @Override
  public void process(Exchange exchange) throws Exception {
    String session = exchange.getVariable("session_id", String.class);
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    if (!TurnOpening.isToken(session)) {
      throw unknown(session);
    }
    Forgetting forgetting =
        new Forgetting(
            service(Connection.class),
            service(ConversationStore.class),
            new Person(identity.userId(), session));
    boolean any = forgetting.forget().values().stream().anyMatch(count -> count > 0);
    if (forgetting.owed() > 0) {
      throw new HttpProblem(
          409,
          "in_work",
          "Requests of it wait or are in work; cancel them, or delete it again after them",
          true);
    } else if (!any) {
      throw unknown(session);
    }
    exchange.getMessage().setBody(null);
  }

  private static HttpProblem unknown(String session) {
    return HttpProblem.unknown("There is no conversation " + session + " of yours");
  }
}
