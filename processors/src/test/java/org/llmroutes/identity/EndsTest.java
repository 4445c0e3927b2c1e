package org.llmroutes.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.testing.Certificate;

/** When that ends which tells who somebody is. */
class EndsTest {
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private static final Instant SOON = NOW.plusSeconds(86_400);
  private static final Instant LATER = NOW.plusSeconds(7 * 86_400);

  @TempDir private Path folder;

  @Test
  void ofApiKeysIsTheNextOfThoseThatHaveNotEnded() throws Exception {
    Path file = folder.resolve("keys.yaml");
    KeyFile keys = new KeyFile(file);
    keys.write(
        List.of(
            key("a", NOW.minusSeconds(60)),
            key("b", LATER),
            key("c", SOON),
            key("d", Instant.MAX)));

    assertThat(new ApiKeys(file).ends()).contains(SOON);

    keys.write(List.of(key("d", Instant.MAX)));
    assertThat(new ApiKeys(file).ends()).isEmpty();
  }

  private static ApiKey key(String digit, Instant end) {
    return new ApiKey(digit.repeat(64), new Identity("ada", Set.of(), end));
  }

  @Test
  void ofSigningKeysIsTheLastThatSaysSo() throws Exception {
    X509Certificate certificate = certificate();
    JWK certified = JWK.parse(certificate);
    JWK ending = new RSAKey.Builder(FakeProvider.key("a")).expirationTime(Date.from(SOON)).build();

    assertThat(SigningKeys.end(new JWKSet(List.of(ending, certified))))
        .contains(certificate.getNotAfter().toInstant());
    assertThat(SigningKeys.end(new JWKSet(ending))).contains(SOON);
    assertThat(SigningKeys.end(new JWKSet(List.of(ending, FakeProvider.key("b"))))).isEmpty();
    assertThat(SigningKeys.end(new JWKSet())).isEmpty();
  }

  private X509Certificate certificate() throws Exception {
    Path pem = new Certificate(folder, "dns:issuer").pem();
    try (InputStream in = Files.newInputStream(pem)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  @Test
  void ofSigningKeysIsKnownOnceATokenWasChecked() throws Exception {
    try (FakeProvider provider = new FakeProvider()) {
      provider.start();
      provider.endKeyAt(LATER);
      OidcSettings settings =
          new OidcSettings(
              provider.issuer,
              FakeProvider.AUDIENCE,
              Set.of(JWSAlgorithm.RS256),
              "preferred_username",
              "groups",
              30_000);
      OidcTokens tokens = new OidcTokens(settings, new Provider(settings));
      assertThat(tokens.ends()).isEmpty();

      assertThat(tokens.identify(provider.token(provider.claims("ada")))).isPresent();

      assertThat(tokens.ends()).contains(LATER);
    }
  }
}
