package org.llmroutes.gateway;

import java.util.Optional;

/** One way of saying who asks. Safe for concurrent use. */
public interface Credentials {
  /**
   * @param authorization the request's header of that name, or null
   * @return empty where these credentials are not of this kind
   * @throws HttpProblem 401 where they are and are not good
   */
  Optional<Identity> identify(String authorization);
}
