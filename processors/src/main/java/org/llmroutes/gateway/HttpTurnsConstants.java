package org.llmroutes.gateway;

import org.llmroutes.identity.Identity;

/** Variables of exchanges that come from {@code http-turns:}. */
public final class HttpTurnsConstants {
  /** The variable with the {@link Identity} of whoever asks. */
  public static final String IDENTITY = "identity";

  /** The variable with the id of the request: the client's, or one that was made. */
  public static final String REQUEST_ID = "request_id";

  /** The variable with the origin of the web page that asks for a WebSocket; absent without one. */
  public static final String ORIGIN = "origin";

  /** The variable with host and port that a WebSocket is asked for. */
  public static final String AUTHORITY = "authority";

  private HttpTurnsConstants() {}
}
