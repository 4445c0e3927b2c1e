package org.llmroutes.identity;

import java.time.Instant;
import java.util.Set;

/**
 * Somebody who has logged in with a browser.
 *
 * @param verifiedUntil until when the provider has vouched for it
 * @param ends when a new login is needed, whatever the provider says
 * @param refreshToken to have it vouched for again, or null
 */
public record Session(
    String userId, Set<String> groups, Instant verifiedUntil, Instant ends, String refreshToken) {

  /** Whether the provider is to be asked again. */
  public boolean isStale(Instant now) {
    return !now.isBefore(verifiedUntil);
  }

  public Identity identity() {
    Instant until = verifiedUntil.plus(Claims.SKEW);
    return new Identity(userId, groups, until.isBefore(ends) ? until : ends);
  }

  /** The same for a little longer, because the provider cannot be asked. */
  Session goingOn(Instant now) {
    return new Session(userId, groups, now.plus(Claims.SKEW), ends, refreshToken);
  }
}
