package org.llmroutes.identity;

import java.time.Instant;
import java.util.Optional;

/** One kind of bearer token. Safe for concurrent use. */
public interface Credentials {
  /**
   * @return empty where this is no token of this kind
   * @throws RefusedCredentials where it is, and is not good
   */
  Optional<Identity> identify(String token);

  /** What it needs to check tokens, by the name that metrics have for it. */
  String checkedBy();

  /** When the next of that ends, as far as it is known now. */
  Optional<Instant> ends();
}
