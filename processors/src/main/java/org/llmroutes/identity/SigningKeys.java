package org.llmroutes.identity;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When the keys end that a provider publishes, as far as they say so: by {@code exp} or {@code
 * x5c}.
 */
final class SigningKeys {
  private SigningKeys() {}

  /** When the last of them ends; empty where one says nothing of an end. */
  static Optional<Instant> end(JWKSet keys) {
    Instant last = Instant.MIN;
    for (JWK key : keys.getKeys()) {
      Instant end = end(key);
      last = end.isAfter(last) ? end : last;
    }
    return Optional.of(last).filter(end -> end.isAfter(Instant.MIN) && end.isBefore(Instant.MAX));
  }

  private static Instant end(JWK key) {
    List<X509Certificate> chain = key.getParsedX509CertChain();
    return Stream.of(
            key.getExpirationTime(),
            chain == null || chain.isEmpty() ? null : chain.get(0).getNotAfter())
        .filter(Objects::nonNull)
        .map(Date::toInstant)
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }
}
