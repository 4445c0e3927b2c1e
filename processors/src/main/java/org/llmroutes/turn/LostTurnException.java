package org.llmroutes.turn;

/** Another delivery of the same request has taken it over; this one ends without a trace. */
public class LostTurnException extends RuntimeException {
  LostTurnException(String requestId) {
    super("Turn " + requestId + " was taken over by a later delivery");
  }
}
