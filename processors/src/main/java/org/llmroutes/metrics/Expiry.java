package org.llmroutes.metrics;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a credential ends, as far as it says so itself: a JWT, be it alone or within a credentials
 * file of NATS, by {@code exp}; certificates in PEM by the first of them that ends.
 */
public final class Expiry {
  private static final Pattern JWT =
      Pattern.compile("[A-Za-z0-9_-]+\\.([A-Za-z0-9_-]+)\\.[A-Za-z0-9_-]+");
  private static final ObjectMapper JSON = new ObjectMapper();

  private Expiry() {}

  /** Empty where it says nothing, or never ends. */
  public static Optional<Instant> of(String credential) {
    if (credential.contains("BEGIN CERTIFICATE")) {
      return ofCertificates(credential);
    }
    Matcher jwt = JWT.matcher(credential);
    return jwt.find() ? ofClaims(jwt.group(1)) : Optional.empty();
  }

  private static Optional<Instant> ofCertificates(String pem) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
          .stream()
          .map(certificate -> ((X509Certificate) certificate).getNotAfter().toInstant())
          .min(Comparator.naturalOrder());
    } catch (CertificateException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> ofClaims(String claims) {
    try {
      long seconds = JSON.readTree(Base64.getUrlDecoder().decode(claims)).path("exp").asLong(0);
      return seconds > 0 ? Optional.of(Instant.ofEpochSecond(seconds)) : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
