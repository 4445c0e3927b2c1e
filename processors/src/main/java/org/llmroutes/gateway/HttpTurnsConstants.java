package org.llmroutes.gateway;

import org.apache.camel.spi.Metadata;
import org.llmroutes.identity.Identity;

/** Variables and headers of exchanges that come from {@code http-turns:}. */
public final class HttpTurnsConstants {
  /** The variable with the {@link Identity} of whoever asks. */
  public static final String IDENTITY = "identity";

  /** The variable with the id of the request: the client's, or one that was made. */
  public static final String REQUEST_ID = "request_id";

  @Metadata(
      label = "consumer",
      description =
          "Where the client has seen the answer up to, as ATTEMPT.SEQ, from its Last-Event-ID",
      javaType = "String")
  public static final String LAST_EVENT_ID = "HttpTurnsLastEventId";

  private HttpTurnsConstants() {}
}
