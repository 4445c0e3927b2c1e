package org.llmroutes.identity;

import java.time.Instant;
import java.util.Set;

/**
 * Who asks, as the credentials say.
 *
 * @param userId a subject token of the contract
 * @param expires when the credentials end, and with them what is streamed for them; {@link
 *     Instant#MAX} where they do not
 * @param forwardsUsers whether it is a web application, trusted to say whom it asks for
 */
public record Identity(String userId, Set<String> groups, Instant expires, boolean forwardsUsers) {
  public Identity {
    groups = Set.copyOf(groups);
  }

  /** Somebody who asks for nobody else. */
  public Identity(String userId, Set<String> groups, Instant expires) {
    this(userId, groups, expires, false);
  }

  /** Another user, as long as these credentials are good; groups are not forwarded. */
  public Identity forwarding(String otherId) {
    return new Identity(otherId, Set.of(), expires);
  }
}
