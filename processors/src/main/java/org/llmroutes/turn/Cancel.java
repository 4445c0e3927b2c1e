package org.llmroutes.turn;

/**
 * The wish that a request is stopped.
 *
 * @param userId whose request alone is meant, or null for whoever's it is
 * @param spokenUntil code points of the answer that the user has heard, or {@link #UNKNOWN}
 * @param trace traceparent of whoever wishes it, or null
 */
public record Cancel(String requestId, String userId, int spokenUntil, String trace) {
  public static final int UNKNOWN = -1;

  /** Whether the request is meant where it is this user's. */
  public boolean concerns(String owner) {
    return userId == null || userId.equals(owner);
  }
}
