package org.llmroutes.conversation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.errors.StepException;
import org.llmroutes.turn.Turn;
import org.llmroutes.turn.TurnProcessor;

/**
 * Appends the question and the response in the body to the conversation, of a cancelled one what
 * reached the user; where either is empty, or the client keeps the conversation itself, there is
 * nothing to remember. The stream's last chunk leaves right behind the turn, so that both are
 * stored at the same time.
 */
public class SaveTurn extends TurnProcessor {
  /** Code points of a passage; what is more stands in the document. */
  private static final int EXCERPT = 400;

  @Override
  public void process(Exchange exchange) throws StepException {
    Turn turn = Turn.of(exchange);
    if (exchange.getVariable("request", Map.class).get("history") != null) {
      return;
    }
    Map<?, ?> answer = exchange.getMessage().getBody(Map.class);
    SavedTurn saved =
        new SavedTurn(question(exchange, answer), (String) answer.get("response"), false);
    if ("cancelled".equals(answer.get("finish_reason"))) {
      saved = saved.cutOffAt(turn.reached());
    }
    if (saved.question().isBlank() || saved.answer().isBlank()) {
      return;
    }
    long start = System.nanoTime();
    service(ConversationStore.class)
        .append(
            turn.userId(),
            turn.sessionId(),
            turn.requestId(),
            turn.arrivedMillis(),
            saved,
            sources(answer),
            () -> turn.stream().last((String) answer.get("finish_reason")));
    turn.timings().put("save", (System.nanoTime() - start) / 1_000_000);
  }

  /** Where the answer has them from, and how their passages begin. */
  private static List<Map<String, Object>> sources(Map<?, ?> answer) {
    return ((List<?>) answer.get("sources"))
        .stream()
            .map(
                source -> {
                  @SuppressWarnings("unchecked") // as the schema says
                  Map<String, Object> kept = new LinkedHashMap<>((Map<String, Object>) source);
                  kept.remove("metadata");
                  kept.computeIfPresent("text", (name, text) -> Excerpt.of((String) text, EXCERPT));
                  kept.remove("text", "");
                  return kept;
                })
            .toList();
  }

  private static String question(Exchange exchange, Map<?, ?> answer) {
    return answer.get("transcription") instanceof String spoken
        ? spoken
        : (String) exchange.getVariable("request", Map.class).get("message");
  }
}
