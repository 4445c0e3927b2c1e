package org.llmroutes.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.conversation.ConversationList;
import org.llmroutes.identity.Identity;
import org.llmroutes.turn.TurnProcessor;

/**
 * The body becomes the conversations of whoever asks, {@code {"conversations", "next"}}. The one
 * that came may have {@code limit} and {@code from}, which is the {@code next} of the page before.
 */
public class ListConversations extends TurnProcessor {
  private static final String MOST = "100";
  private static final String USUAL = "20";

  @Override
  public void process(Exchange exchange) {
    Map<?, ?> asked = exchange.getMessage().getBody(Map.class);
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    ConversationList.Page page =
        page(identity.userId(), (String) asked.get("from"), limit((String) asked.get("limit")));
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("conversations", page.conversations());
    page.next().ifPresent(next -> told.put("next", next));
    exchange.getMessage().setBody(told);
  }

  private ConversationList.Page page(String user, String from, int limit) {
    try {
      return service(ConversationList.class).page(user, from, limit);
    } catch (IllegalArgumentException e) {
      throw HttpProblem.ofField("from", "must be next of a page before");
    }
  }

  private static int limit(String given) {
    String limit = given == null ? USUAL : given;
    if (!limit.matches("[1-9]\\d?|" + MOST)) {
      throw HttpProblem.ofField("limit", "must be 1 to " + MOST);
    }
    return Integer.parseInt(limit);
  }
}
