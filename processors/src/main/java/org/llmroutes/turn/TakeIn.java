package org.llmroutes.turn;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/**
 * Keeps the bytes as they came, for the dead letter, and refuses a payload over the limit before
 * anything reads it.
 */
public class TakeIn implements Processor {
  private int maxBytes;

  /** Bytes of payload at most. */
  public void setMaxBytes(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public void process(Exchange exchange) {
    byte[] payload = exchange.getMessage().getBody(byte[].class);
    exchange.setProperty(DeadLetter.ORIGINAL, payload);
    if (payload.length > maxBytes) {
      throw new TurnException(
          ErrorCode.TOO_LARGE,
          "The message has " + payload.length + " bytes, more than " + maxBytes);
    }
  }
}
