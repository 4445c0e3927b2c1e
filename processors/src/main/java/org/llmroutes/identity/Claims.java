package org.llmroutes.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the claims of a verified token say of a user. A claim may be within another ({@code
 * realm_access.roles}); one of the whole name comes first.
 */
record Claims(String userClaim, String groupsClaim) {
  /** How far the clocks of two machines may be apart. */
  static final Duration SKEW = Duration.ofSeconds(60);

  /**
   * @throws RefusedCredentials where there is no name, or one that cannot be a user's
   */
  Identity identity(JWTClaimsSet claims) {
    if (!(find(claims.getClaims(), userClaim) instanceof String name)) {
      throw new RefusedCredentials("This token has no text in its claim " + userClaim);
    }
    String userId =
        UserNames.toToken(name)
            .orElseThrow(
                () ->
                    new RefusedCredentials("The name in the claim " + userClaim + " is too long"));
    Instant expires = claims.getExpirationTime().toInstant().plus(SKEW);
    return new Identity(userId, groups(claims), expires);
  }

  private Set<String> groups(JWTClaimsSet claims) {
    Object groups = find(claims.getClaims(), groupsClaim);
    if (groups instanceof String one) {
      return Set.of(one);
    }
    return groups instanceof Collection<?> several
        ? several.stream()
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .collect(Collectors.toUnmodifiableSet())
        : Set.of();
  }

  private static Object find(Map<?, ?> claims, String path) {
    if (claims.containsKey(path)) {
      return claims.get(path);
    }
    int dot = path.indexOf('.');
    return dot > 0 && claims.get(path.substring(0, dot)) instanceof Map<?, ?> inner
        ? find(inner, path.substring(dot + 1))
        : null;
  }
}
