package org.llmroutes.turn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.llm.Completion;
import org.llmroutes.msgpack.MsgpackCodec;

/**
 * Makes the response from the completion in the body and records it in the ledger, so that a later
 * delivery of the same request repeats it instead of asking the model again.
 */
public class ComposeAnswer extends TurnProcessor {
  private String sources;

  /** Name of the variable with the sources as the response lists them; it may be unset. */
  public void setSources(String sources) {
    this.sources = sources;
  }

  @Override
  public void process(Exchange exchange) throws Exception {
    Turn turn = Turn.of(exchange);
    if (turn.answer().isEmpty()) {
      Map<String, Object> answer = compose(exchange, turn);
      turn.record(answer, service(MsgpackCodec.class).encode(answer));
    }
    exchange.getMessage().setBody(turn.answer().orElseThrow());
  }

  /** What else the response of this kind of turn says. */
  protected void add(Exchange exchange, Turn turn, Map<String, Object> answer) throws Exception {}

  private Map<String, Object> compose(Exchange exchange, Turn turn) throws Exception {
    // a cancelled turn was passed over its remaining steps
    Completion completion =
        exchange.getMessage().getBody() instanceof Completion whole
            ? whole
            : Completion.cancelled(turn.textSoFar().orElse(""));
    List<?> chosen = exchange.getVariable(sources, List.class);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("request_id", turn.requestId());
    answer.put("user_id", turn.userId());
    answer.put("session_id", turn.sessionId());
    answer.put("success", true);
    answer.put("response", completion.text());
    answer.put("used_rag", chosen != null && !chosen.isEmpty());
    answer.put("sources", chosen == null ? List.of() : chosen);
    answer.put("model", completion.model());
    answer.put("finish_reason", completion.finishReason());
    if (completion.promptTokens() >= 0 && completion.completionTokens() >= 0) {
      answer.put(
          "usage",
          Map.of(
              "prompt_tokens",
              completion.promptTokens(),
              "completion_tokens",
              completion.completionTokens()));
    }
    answer.put("degraded", new ArrayList<>(turn.degraded()));
    add(exchange, turn, answer);
    return answer;
  }
}
