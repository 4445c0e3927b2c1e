package org.llmroutes.conversation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.llm.ChatMessage;
import org.llmroutes.llm.TokenEstimate;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;

/**
 * The newest turns of the conversation that fit the bounds, as chat messages, oldest first; of a
 * client that keeps the conversation itself, what it has sent.
 */
public class LoadHistory extends Step {
  private int maxTurns;
  private int maxTokens;

  public LoadHistory() {
    super("history");
  }

  public void setMaxTurns(int maxTurns) {
    this.maxTurns = maxTurns;
  }

  /** Estimated tokens of all turns together. */
  public void setMaxTokens(int maxTokens) {
    this.maxTokens = maxTokens;
  }

  @Override
  protected Object apply(Exchange exchange, Turn turn) {
    if (exchange.getVariable("request", Map.class).get("history") instanceof List<?> given) {
      return given.stream().map(Map.class::cast).map(LoadHistory::message).toList();
    }
    List<SavedTurn> saved =
        new ArrayList<>(
            service(ConversationStore.class).newest(turn.userId(), turn.sessionId(), maxTurns));
    Collections.reverse(saved);
    List<ChatMessage> newestFirst = new ArrayList<>();
    int left = maxTokens;
    for (SavedTurn past : saved) {
      String answer = past.cancelled() ? past.answer() + " [stopped by the user]" : past.answer();
      left -= TokenEstimate.of(past.question()) + TokenEstimate.of(answer);
      if (left < 0) {
        break;
      }
      newestFirst.add(new ChatMessage("assistant", answer));
      newestFirst.add(new ChatMessage("user", past.question()));
    }
    Collections.reverse(newestFirst);
    return newestFirst;
  }

  private static ChatMessage message(Map<?, ?> entry) {
    return new ChatMessage((String) entry.get("role"), (String) entry.get("content"));
  }

  @Override
  protected Object fallback(Exchange exchange) {
    return List.of();
  }
}
