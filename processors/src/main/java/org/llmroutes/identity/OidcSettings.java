package org.llmroutes.identity;

import com.nimbusds.jose.JWSAlgorithm;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.llmroutes.config.Settings;

/**
 * What {@code auth.oidc} says.
 *
 * @param issuer address of the provider, as its tokens have it
 * @param algorithms signatures that are taken; none with a shared secret
 * @param userClaim the claim with the name of the user
 * @param groupsClaim the claim with the list of its groups
 * @param timeoutMillis how long an answer of the provider is waited for, at most half a minute, so
 *     that keys can be had again before their end
 */
record OidcSettings(
    String issuer,
    String audience,
    Set<JWSAlgorithm> algorithms,
    String userClaim,
    String groupsClaim,
    int timeoutMillis) {

  /**
   * @throws IllegalArgumentException where something is missing or cannot be
   */
  static OidcSettings of(Settings settings) {
    return new OidcSettings(
        required(settings, "auth.oidc.issuer"),
        required(settings, "auth.oidc.audience"),
        Arrays.stream(settings.get("auth.oidc.algorithms").split(","))
            .map(name -> algorithm(name.strip()))
            .collect(Collectors.toUnmodifiableSet()),
        required(settings, "auth.oidc.user-claim"),
        required(settings, "auth.oidc.groups-claim"),
        Math.toIntExact(settings.getDuration("auth.oidc.timeout").toMillis()));
  }

  private static String required(Settings settings, String key) {
    String value = settings.get(key);
    if (value.isEmpty()) {
      throw new IllegalArgumentException("auth.methods has oidc, which needs " + key);
    }
    return value;
  }

  private static JWSAlgorithm algorithm(String name) {
    JWSAlgorithm algorithm = JWSAlgorithm.parse(name);
    if (!JWSAlgorithm.Family.RSA.contains(algorithm)
        && !JWSAlgorithm.Family.EC.contains(algorithm)) {
      throw new IllegalArgumentException(
          "auth.oidc.algorithms may have RS, PS and ES with 256, 384 or 512, not " + name);
    }
    return algorithm;
  }
}
