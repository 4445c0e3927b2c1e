package org.llmroutes.turn;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Returns once the stream has stored every chunk of the answer: they were sent before the response,
 * and are waited for behind it, so that it is not held up.
 */
public class ConfirmChunks implements Processor {
  @Override
  public void process(Exchange exchange) throws Exception {
    Turn.of(exchange).stream().awaitStored();
  }
}
