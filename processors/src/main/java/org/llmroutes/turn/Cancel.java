package org.llmroutes.turn;

/**
 * The wish that a request is stopped.
 *
 * @param spokenUntil code points of the answer that the user has heard, or {@link #UNKNOWN}
 */
public record Cancel(String requestId, int spokenUntil) {
  public static final int UNKNOWN = -1;
}
