package org.llmroutes.speech;

import org.apache.camel.Exchange;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;

/** Waits until the whole answer is spoken, where one was begun; the body stays. */
public class EndSpeech extends Step {

  public EndSpeech() {
    super("tts");
  }

  @Override
  protected boolean applies(Exchange exchange) {
    return BeginSpeech.of(exchange) != null;
  }

  @Override
  protected Object apply(Exchange exchange, Turn turn) throws Exception {
    BeginSpeech.of(exchange).finish();
    return exchange.getMessage().getBody();
  }
}
