package org.llmroutes.gateway;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** One way of saying who asks. Safe for concurrent use. */
public interface Credentials {
  /**
   * @return empty where these credentials are not of this kind
   * @throws HttpProblem where they are and are not good
   */
  Optional<Identity> identify(HttpServerRequest request);
}
