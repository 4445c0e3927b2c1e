package org.llmroutes.turn;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Keeps what a request can be refused with, before anything reads it: its bytes, and where answers
 * and dead letters go.
 */
public class TakeIn implements Processor {
  /** The exchange property with the subject of final responses, without the request id. */
  static final String RESPONSES = "llmRoutesResponses";

  private String responses;
  private String deadLetters;

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

  @Override
  public void process(Exchange exchange) {
    exchange.setProperty(DeadLetter.ORIGINAL, exchange.getMessage().getBody(byte[].class));
    exchange.setProperty(RESPONSES, responses);
    exchange.setProperty(DeadLetter.SUBJECT, deadLetters);
  }
}
