package org.llmroutes.identity;

import java.time.Instant;
import java.util.Set;

/**
 * Who asks, as the credentials say.
 *
 * @param userId a subject token of the contract
 * @param expires when the credentials end, and with them what is streamed for them; {@link
 *     Instant#MAX} where they do not
 */
public record Identity(String userId, Set<String> groups, Instant expires) {
  public Identity {
    groups = Set.copyOf(groups);
  }
}
