package org.llmroutes.doctor;

import com.nimbusds.jose.KeySourceException;
import java.time.Duration;
import java.time.Instant;
import org.llmroutes.config.Settings;
import org.llmroutes.identity.Authentication;
import org.llmroutes.identity.Provider;

/** The OpenID Connect provider: its description and the keys that it signs with. */
final class OidcCheck implements Check {
  private static final Duration SOON = Duration.ofDays(14);

  @Override
  public String part() {
    return "oidc";
  }

  private static void end(Instant end, Findings found) {
    if (end.isBefore(Instant.now().plus(SOON))) {
      found.warning("keys", "the last of them ends at " + end, "have the provider make a new one");
    } else {
      found.well("keys", "the last of them ends at " + end);
    }
  }

  @Override
  public void look(Installation here, Findings found) {
    Settings settings = here.settings();
    if (!here.has("gateway") || !Authentication.takesTokensOfProvider(settings)) {
      found.notUsed("", "AUTH_METHODS has no oidc, or there is no gateway");
      return;
    }
    String issuer = settings.get("auth.oidc.issuer");
    try (Provider provider = Provider.of(settings)) {
      int keys = provider.usableKeys(settings);
      if (keys == 0) {
        found.notWell(
            "keys",
            issuer + " has no key for " + settings.get("auth.oidc.algorithms"),
            "AUTH_OIDC_ALGORITHMS names how it signs");
      } else {
        found.well("issuer", "%s, keys for signatures: %d".formatted(issuer, keys));
        provider.keysEnd().ifPresent(end -> end(end, found));
      }
    } catch (KeySourceException e) {
      found.notWell(
          "issuer",
          issuer + ": " + Reason.of(e),
          "AUTH_OIDC_ISSUER is its address exactly as its description and its tokens have it; it must be reachable from here");
    }
  }
}
