package org.llmroutes.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.PlainHeader;
import com.nimbusds.jose.PlainObject;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

class OidcTokensTest {
  private final FakeProvider provider = new FakeProvider();
  private OidcTokens tokens;

  @BeforeEach
  void start() throws Exception {
    provider.start();
    tokens = tokens("preferred_username", "groups");
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  private OidcTokens tokens(String userClaim, String groupsClaim) {
    OidcSettings settings =
        new OidcSettings(
            provider.issuer,
            FakeProvider.AUDIENCE,
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256),
            userClaim,
            groupsClaim,
            30_000);
    return new OidcTokens(settings, new Provider(settings));
  }

  private Identity identify(String token) {
    return tokens.identify(token).orElseThrow();
  }

  @Test
  void knowsAUserWithItsGroupsUntilTheTokenEnds() {
    Instant end = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 300);
    JWTClaimsSet.Builder claims = provider.claims("ada@example.org").expirationTime(Date.from(end));

    assertThat(identify(provider.token(claims)))
        .isEqualTo(
            new Identity(
                "ada_40example_2Eorg", Set.of("staff", "hr"), end.plus(Duration.ofMinutes(1))));
  }

  @Test
  void takesAccessTokensAndTokensWithoutAType() {
    for (JOSEObjectType type :
        new JOSEObjectType[] {
          new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), null
        }) {
      String token =
          FakeProvider.token(provider.header().type(type), provider.claims("ada"), provider.key());
      assertThat(identify(token).userId()).isEqualTo("ada");
    }
  }

  @Test
  void takesATokenWithinTheSkewOfClocks() {
    Instant now = Instant.now();
    assertThat(
            identify(
                provider.token(
                    provider.claims("ada").expirationTime(Date.from(now.minusSeconds(30))))))
        .isNotNull();
    assertThat(
            identify(
                provider.token(
                    provider.claims("ada").notBeforeTime(Date.from(now.plusSeconds(30))))))
        .isNotNull();
  }

  @Test
  void takesATokenForSeveralAudiences() {
    String token =
        provider.token(provider.claims("ada").audience(List.of("another", FakeProvider.AUDIENCE)));

    assertThat(identify(token).userId()).isEqualTo("ada");
  }

  @ParameterizedTest
  @MethodSource
  void findsGroups(String claim, Object value, Set<String> groups) {
    tokens = tokens("preferred_username", claim);
    JWTClaimsSet.Builder claims = provider.claims("ada").claim("groups", null);
    String top = claim.startsWith("http") ? claim : claim.replaceFirst("\\..*", "");

    assertThat(identify(provider.token(claims.claim(top, value))).groups()).isEqualTo(groups);
  }

  static Stream<Arguments> findsGroups() {
    return Stream.of(
        Arguments.of("groups", null, Set.of()),
        Arguments.of("groups", List.of(), Set.of()),
        Arguments.of("groups", "staff", Set.of("staff")),
        Arguments.of(
            "groups", List.of("/hr/lead", 7, "staff", "staff"), Set.of("/hr/lead", "staff")),
        Arguments.of("realm_access.roles", Map.of("roles", List.of("hr")), Set.of("hr")),
        Arguments.of("realm_access.roles", "no object", Set.of()),
        Arguments.of("https://example.org/groups", List.of("hr"), Set.of("hr")));
  }

  @Test
  void leavesOtherTokensToOthers() {
    assertThat(tokens.identify("lr_0123456789")).isEmpty();
  }

  @Test
  void refusesWhatTheProviderDidNotMakeForUs() throws Exception {
    Instant now = Instant.now();
    RSAKey own = FakeProvider.key("first");
    String good = provider.token(provider.claims("ada"));
    Map<String, String> refused =
        Map.ofEntries(
            Map.entry("none", none(provider.claims("ada"))),
            Map.entry("none without a last part", good.substring(0, good.lastIndexOf('.') + 1)),
            Map.entry("HMAC with the public key", hmac(provider.claims("ada"))),
            Map.entry(
                "another algorithm",
                FakeProvider.token(
                    new JWSHeader.Builder(JWSAlgorithm.RS512).keyID("first"),
                    provider.claims("ada"),
                    provider.key())),
            Map.entry(
                "another issuer",
                provider.token(provider.claims("ada").issuer("http://127.0.0.1/"))),
            Map.entry(
                "the issuer without its last slash",
                provider.token(
                    provider.claims("ada").issuer(provider.issuer.replaceFirst("/$", "")))),
            Map.entry("no issuer", provider.token(provider.claims("ada").issuer(null))),
            Map.entry(
                "another audience", provider.token(provider.claims("ada").audience("another"))),
            Map.entry(
                "no audience", provider.token(provider.claims("ada").audience((String) null))),
            Map.entry(
                "expired",
                provider.token(
                    provider.claims("ada").expirationTime(Date.from(now.minusSeconds(61))))),
            Map.entry("no end", provider.token(provider.claims("ada").expirationTime(null))),
            Map.entry(
                "not yet",
                provider.token(
                    provider.claims("ada").notBeforeTime(Date.from(now.plusSeconds(90))))),
            Map.entry("no user", provider.token(provider.claims(null))),
            Map.entry("an empty user", provider.token(provider.claims(""))),
            Map.entry(
                "a user that is a number",
                provider.token(provider.claims("ada").claim("preferred_username", 7))),
            Map.entry("a long user", provider.token(provider.claims("a".repeat(200)))),
            Map.entry(
                "our own key", FakeProvider.token(provider.header(), provider.claims("ada"), own)),
            Map.entry(
                "a key within the token",
                FakeProvider.token(
                    provider.header().keyID(null).jwk(own.toPublicJWK()),
                    provider.claims("ada"),
                    own)),
            Map.entry(
                "another type",
                FakeProvider.token(
                    provider.header().type(new JOSEObjectType("logout+jwt")),
                    provider.claims("ada"),
                    provider.key())),
            Map.entry(
                "crit",
                FakeProvider.token(
                    provider.header().criticalParams(Set.of("exp")),
                    provider.claims("ada"),
                    provider.key())),
            Map.entry(
                "100 KB", provider.token(provider.claims("ada").claim("x", "x".repeat(100_000)))),
            Map.entry("another user's name on it", forged(good)),
            Map.entry("dots", ".."),
            Map.entry("five parts", good + "..a"),
            Map.entry("no JSON", "a.b.c"));

    refused.forEach(
        (why, token) ->
            assertThatThrownBy(() -> tokens.identify(token))
                .as(why)
                .isInstanceOf(RefusedCredentials.class));
    assertThat(identify(good).userId()).isEqualTo("ada");
  }

  private static String none(JWTClaimsSet.Builder claims) {
    PlainObject plain =
        new PlainObject(
            new PlainHeader.Builder().type(JOSEObjectType.JWT).build(),
            new Payload(claims.build().toString()));
    return plain.serialize();
  }

  private String hmac(JWTClaimsSet.Builder claims) throws Exception {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("first").build(), claims.build());
    jwt.sign(new MACSigner(provider.key().toRSAPublicKey().getEncoded()));
    return jwt.serialize();
  }

  private static String forged(String token) {
    String[] parts = token.split("\\.");
    String claims =
        new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
            .replace("\"ada\"", "\"bob\"");
    return parts[0]
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + "."
        + parts[2];
  }

  @Test
  void asksNoOtherServerForKeys() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.close();
        });
    other.start();
    try {
      URI keys = URI.create("http://127.0.0.1:" + other.getAddress().getPort() + "/keys");
      String token =
          FakeProvider.token(
              provider.header().keyID("theirs").jwkURL(keys).x509CertURL(keys),
              provider.claims("ada"),
              FakeProvider.key("theirs"));

      assertThatThrownBy(() -> tokens.identify(token)).isInstanceOf(RefusedCredentials.class);
    } finally {
      other.stop(0);
    }
    assertThat(asked).hasValue(0);
  }

  @Test
  void takesANewKeyOfTheProviderAndNoOldOne() {
    String old = provider.token(provider.claims("ada"));
    assertThat(identify(old).userId()).isEqualTo("ada");

    provider.rotate("second");
    assertThat(identify(provider.token(provider.claims("bob"))).userId()).isEqualTo("bob");

    assertThatThrownBy(() -> tokens.identify(old)).isInstanceOf(RefusedCredentials.class);
  }

  @Test
  void refusesUnknownKeysHoweverOftenTheyCome() {
    assertThat(identify(provider.token(provider.claims("ada")))).isNotNull();
    RSAKey unknown = FakeProvider.key("unknown");
    String token =
        FakeProvider.token(provider.header().keyID("unknown"), provider.claims("ada"), unknown);

    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> tokens.identify(token)).isInstanceOf(RefusedCredentials.class);
    }
    assertThat(identify(provider.token(provider.claims("ada")))).isNotNull();
  }

  @Test
  void isUnavailableUntilTheProviderIsThere() throws Exception {
    provider.close();
    String token = provider.token(provider.claims("ada"));
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> tokens.identify(token))
          .isInstanceOfSatisfying(
              TurnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    provider.start();
    await()
        .ignoreExceptionsInstanceOf(TurnException.class)
        .untilAsserted(() -> assertThat(identify(token).userId()).isEqualTo("ada"));
  }

  @Test
  void goesOnWithoutAProviderThatWasThere() {
    assertThat(identify(provider.token(provider.claims("ada")))).isNotNull();

    provider.close();

    assertThat(identify(provider.token(provider.claims("bob"))).userId()).isEqualTo("bob");
    String unknown =
        FakeProvider.token(
            provider.header().keyID("unknown"),
            provider.claims("ada"),
            FakeProvider.key("unknown"));
    assertThatThrownBy(() -> tokens.identify(unknown)).isInstanceOf(RefusedCredentials.class);
  }

  @Test
  void waitsForAProviderThatIsSlow() {
    provider.answerAfter(Duration.ofMillis(2500));

    assertThat(identify(provider.token(provider.claims("ada"))).userId()).isEqualTo("ada");
  }

  @Test
  void takesAnErrorOfTheProviderForNoAnswer() {
    provider.answerWith(500);
    String token = provider.token(provider.claims("ada"));

    assertThatThrownBy(() -> tokens.identify(token)).isInstanceOf(TurnException.class);
  }
}
