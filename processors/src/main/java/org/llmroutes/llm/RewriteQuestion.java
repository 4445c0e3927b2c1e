package org.llmroutes.llm;

import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.turn.Turn;

/**
 * The message of the request as a question that stands alone. Without a history, or switched off,
 * it is the message itself; so it is where the model's rewriting is not one short paragraph. The
 * template sees {@code turns} (each with {@code role} and {@code content}) and {@code message}.
 */
public class RewriteQuestion extends PromptStep {
  private static final int MAX_TOKENS = 96;
  private static final int MAX_LENGTH = 600;

  private boolean enabled;
  private String history = "history";

  public RewriteQuestion() {
    super("rewrite");
  }

  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /** Name of the variable with the history. */
  public void setHistory(String history) {
    this.history = history;
  }

  @Override
  protected Object apply(Exchange exchange, Turn turn) {
    String message = message(exchange);
    List<?> past = exchange.getVariable(history, List.class);
    if (!enabled || past == null || past.isEmpty()) {
      return message;
    }
    List<Map<String, String>> turns =
        past.stream()
            .map(ChatMessage.class::cast)
            .map(entry -> Map.of("role", entry.role(), "content", entry.content()))
            .toList();
    String instruction = fill(Map.of("turns", turns, "message", message));
    String model = (String) exchange.getVariable("request", Map.class).get("model");
    CompletionRequest request =
        new CompletionRequest(
            List.of(new ChatMessage("user", instruction)), model, 0.0, MAX_TOKENS);
    String rewritten = complete(request, turn.share());
    return rewritten.isEmpty() || rewritten.length() > MAX_LENGTH || rewritten.contains("\n\n")
        ? message
        : rewritten;
  }

  private String complete(CompletionRequest request, Deadline deadline) {
    try {
      return service(ChatModel.class).complete(request, deadline).text().strip();
    } catch (StepException e) {
      // of this step, which can be done without, and not of the answer
      throw new StepException("rewrite", e.code(), e.getMessage(), e);
    }
  }

  @Override
  protected Object fallback(Exchange exchange) {
    return message(exchange);
  }

  private static String message(Exchange exchange) {
    return (String) exchange.getVariable("request", Map.class).get("message");
  }
}
