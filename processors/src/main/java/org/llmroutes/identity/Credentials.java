package org.llmroutes.identity;

import java.util.Optional;

/** One kind of bearer token. Safe for concurrent use. */
public interface Credentials {
  /**
   * @return empty where this is no token of this kind
   * @throws RefusedCredentials where it is, and is not good
   */
  Optional<Identity> identify(String token);
}
