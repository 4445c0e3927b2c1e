package org.llmroutes.llm;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.turn.Turn;

/**
 * The message of the request as a question that stands alone. Without a history, or switched off,
 * it is the message itself; so it is where the message is long enough to stand alone, and where the
 * model's rewriting is not one short paragraph, or cut off, or nothing but thoughts. The template
 * sees {@code turns} (each with {@code role} and {@code content}) and {@code message}.
 */
public class RewriteQuestion extends PromptStep {
  private static final int MAX_LENGTH = 600;

  private boolean enabled;
  private int maxTokens;
  private String history = "history";

  public RewriteQuestion() {
    super("rewrite");
  }

  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /** Tokens that the model may write, its thoughts included. */
  public void setMaxTokens(int maxTokens) {
    this.maxTokens = maxTokens;
  }

  /** Name of the variable with the history. */
  public void setHistory(String history) {
    this.history = history;
  }

  @Override
  protected boolean applies(Exchange exchange) {
    List<?> past = exchange.getVariable(history, List.class);
    return enabled && past != null && !past.isEmpty() && message(exchange).length() <= MAX_LENGTH;
  }

  @Override
  @SuppressWarnings("unchecked") // load-history-action leaves it so
  protected Object apply(Exchange exchange, Turn turn) throws Exception {
    String message = message(exchange);
    List<ChatMessage> past = exchange.getVariable(history, List.class);
    Completion completion = rewritten(exchange, turn, past);
    String rewritten = completion.text().strip();
    return rewritten.isEmpty()
            || "length".equals(completion.finishReason())
            || rewritten.length() > MAX_LENGTH
            || rewritten.contains("\n\n")
        ? message
        : rewritten;
  }

  private Completion rewritten(Exchange exchange, Turn turn, List<ChatMessage> past)
      throws Exception {
    String message = message(exchange);
    String model = (String) exchange.getVariable("request", Map.class).get("model");
    try {
      return turn.briefly(() -> rewriting(model, past, message, turn.deadline()));
    } catch (TimeoutException e) {
      throw new StepException(
          "rewrite", ErrorCode.TIMEOUT, "The question was not rewritten in time", e);
    }
  }

  private Completion rewriting(
      String model, List<ChatMessage> past, String message, Deadline deadline) {
    for (List<ChatMessage> told = past; ; told = Prompt.newerHalf(told)) {
      ChatMessage instruction = new ChatMessage("user", instruction(told, message));
      try {
        return service(ChatModel.class)
            .complete(new CompletionRequest(List.of(instruction), model, 0.0, maxTokens), deadline);
      } catch (StepException e) {
        if (!(e instanceof PromptTooLong) || Prompt.newerHalf(told).isEmpty()) {
          // of this step, which can be done without, and not of the answer
          throw new StepException("rewrite", e.code(), e.getMessage(), e);
        }
      }
    }
  }

  private String instruction(List<ChatMessage> told, String message) {
    List<Map<String, String>> turns =
        told.stream()
            .map(entry -> Map.of("role", entry.role(), "content", entry.content()))
            .toList();
    return fill(Map.of("turns", turns, "message", message));
  }

  @Override
  protected Object fallback(Exchange exchange) {
    return message(exchange);
  }

  private static String message(Exchange exchange) {
    return (String) exchange.getVariable("request", Map.class).get("message");
  }
}
