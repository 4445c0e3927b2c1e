package org.llmroutes.turn;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/**
 * Keeps what a request can be refused with, before anything reads it: its bytes, and where answers
 * and dead letters go. What is too large is not read.
 */
public class TakeIn implements Processor {
  /** The exchange property with the subject of final responses, without the request id. */
  static final String RESPONSES = "llmRoutesResponses";

  private String responses;
  private String deadLetters;
  private int maxBytes;

  /**
   * Subject of final responses without the request id; chunks go to {@code
   * {responses}.stream.{request_id}}.
   */
  public void setResponses(String responses) {
    this.responses = responses;
  }

  /** Subject of the dead letters. */
  public void setDeadLetters(String deadLetters) {
    this.deadLetters = deadLetters;
  }

  /** Bytes of payload at most. */
  public void setMaxBytes(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public void process(Exchange exchange) {
    byte[] payload = exchange.getMessage().getBody(byte[].class);
    exchange.setProperty(DeadLetter.ORIGINAL, payload);
    exchange.setProperty(RESPONSES, responses);
    exchange.setProperty(DeadLetter.SUBJECT, deadLetters);
    if (payload.length > maxBytes) {
      throw new TurnException(
          ErrorCode.TOO_LARGE,
          "The message has " + payload.length + " bytes, more than " + maxBytes);
    }
  }
}
