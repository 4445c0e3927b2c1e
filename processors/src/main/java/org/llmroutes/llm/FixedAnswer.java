package org.llmroutes.llm;

import org.apache.camel.Exchange;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;

/** An answer that is always the same, told as one that a model wrote. */
public class FixedAnswer extends Step {
  private String text;

  public FixedAnswer() {
    super("fixed");
  }

  public void setText(String text) {
    this.text = text;
  }

  @Override
  protected Object apply(Exchange exchange, Turn turn) {
    turn.token(text);
    return new Completion(text, "", "stop", -1, -1, 0);
  }
}
