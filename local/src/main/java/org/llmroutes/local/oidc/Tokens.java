package org.llmroutes.local.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Makes tokens, under a key that outlives the process, so that logins do, too. */
final class Tokens {
  private static final JOSEObjectType ACCESS = new JOSEObjectType("at+jwt");
  private static final JOSEObjectType REFRESH = new JOSEObjectType("refresh+jwt");
  private static final Duration REFRESHABLE = Duration.ofDays(30);

  private final String issuer;
  private final String audience;
  private final Duration lifetime;
  private final RSAKey key;

  /**
   * @param audience whom access tokens are for
   * @param lifetime of access tokens
   * @param file where the key is kept
   */
  Tokens(String issuer, String audience, Duration lifetime, Path file) {
    this.issuer = issuer;
    this.audience = audience;
    this.lifetime = lifetime;
    try {
      this.key = key(file);
    } catch (IOException | JOSEException | ParseException e) {
      throw new IllegalStateException("The key " + file + " cannot be used", e);
    }
  }

  private static RSAKey key(Path file) throws IOException, JOSEException, ParseException {
    if (!Files.exists(file)) {
      Files.createDirectories(file.getParent());
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      RSAKey fresh = new RSAKeyGenerator(2048).keyIDFromThumbprint(true).generate();
      Files.writeString(file, fresh.toJSONString(), StandardOpenOption.WRITE);
    }
    return RSAKey.parse(Files.readString(file));
  }

  Map<String, Object> publicKeys() {
    return new JWKSet(key).toJSONObject(true);
  }

  /** The answer of the token endpoint. */
  Map<String, Object> answer(Grant grant) throws JOSEException {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("token_type", "Bearer");
    answer.put("expires_in", lifetime.toSeconds());
    answer.put("access_token", sign(ACCESS, claims(grant, audience, lifetime)));
    answer.put("refresh_token", sign(REFRESH, claims(grant, issuer, REFRESHABLE)));
    answer.put("id_token", sign(JOSEObjectType.JWT, claims(grant, grant.clientId(), lifetime)));
    return answer;
  }

  private JWTClaimsSet.Builder claims(Grant grant, String forWhom, Duration time) {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(issuer)
        .subject(UUID.nameUUIDFromBytes(grant.user().name().getBytes()).toString())
        .audience(forWhom)
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(time)))
        .jwtID(UUID.randomUUID().toString())
        .claim("client_id", grant.clientId())
        .claim("nonce", grant.nonce())
        .claim("preferred_username", grant.user().name())
        .claim("groups", grant.user().groups());
  }

  private String sign(JOSEObjectType type, JWTClaimsSet.Builder claims) throws JOSEException {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.RS256).type(type).keyID(key.getKeyID()).build();
    SignedJWT jwt = new SignedJWT(header, claims.build());
    jwt.sign(new RSASSASigner(key));
    return jwt.serialize();
  }

  /** What a refresh token was granted for. */
  Grant refreshed(String token) throws OAuthError, JOSEException {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      if (jwt.verify(new RSASSAVerifier(key.toRSAPublicKey()))
          && REFRESH.equals(jwt.getHeader().getType())
          && new Date().before(claims.getExpirationTime())) {
        TestUser user =
            TestUser.named(claims.getStringClaim("preferred_username"))
                .orElseThrow(() -> new OAuthError("invalid_grant"));
        return new Grant(user, claims.getStringClaim("client_id"), null);
      }
    } catch (ParseException e) {
      throw new OAuthError("invalid_grant");
    }
    throw new OAuthError("invalid_grant");
  }
}
