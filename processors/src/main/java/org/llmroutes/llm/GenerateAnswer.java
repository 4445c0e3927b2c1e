package org.llmroutes.llm;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.apache.camel.Exchange;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;

/**
 * Asks the model with the prompt in the body and streams each token to the client as it arrives. A
 * stream that breaks half-way is begun again under the next attempt, as often as {@code restarts}
 * allows.
 */
public class GenerateAnswer extends Step {
  private int restarts;

  public GenerateAnswer() {
    super("llm");
  }

  /** How often a broken stream is begun again. */
  public void setRestarts(int restarts) {
    this.restarts = restarts;
  }

  @Override
  protected Object apply(Exchange exchange, Turn turn) throws Exception {
    CompletionRequest request = request(exchange);
    for (int broken = 0; ; broken++) {
      StringBuilder text = new StringBuilder();
      try {
        Completion completion =
            service(ChatModel.class).stream(
                request, turn.deadline(), token -> relay(turn, text, token));
        turn.timings().put("first_token", completion.firstTokenMillis());
        return completion;
      } catch (RuntimeException e) {
        turn.textSoFar(text.toString());
        if (!isBroken(e) || text.isEmpty() || broken == restarts || turn.cancelled()) {
          throw e;
        }
        turn.beginAgain();
      }
    }
  }

  private static void relay(Turn turn, StringBuilder text, String token) {
    if (turn.cancelled()) {
      throw new CancellationException();
    }
    text.append(token);
    turn.token(token);
  }

  private static boolean isBroken(RuntimeException e) {
    return e instanceof StepException failure && failure.code() == ErrorCode.UNAVAILABLE;
  }

  private static CompletionRequest request(Exchange exchange) {
    @SuppressWarnings("unchecked") // build-prompt-action leaves it so
    List<ChatMessage> prompt = exchange.getMessage().getBody(List.class);
    Map<?, ?> request = exchange.getVariable("request", Map.class);
    Number temperature = (Number) request.get("temperature");
    Number maxTokens = (Number) request.get("max_tokens");
    return new CompletionRequest(
        prompt,
        (String) request.get("model"),
        temperature == null ? null : temperature.doubleValue(),
        maxTokens == null ? null : maxTokens.intValue());
  }
}
