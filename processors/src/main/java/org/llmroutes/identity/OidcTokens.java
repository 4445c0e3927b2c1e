package org.llmroutes.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.ConfigurableJWTProcessor;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Tokens of an OpenID Connect provider: JWTs that it has signed for our audience (RFC 7519, RFC
 * 9068). The keys are the provider's, wherever a token says that others are; one with extensions
 * that must be understood ({@code crit}) is refused, because none are.
 */
final class OidcTokens implements Credentials {
  private static final int MAX_LENGTH = 16 * 1024;

  private final Provider provider;
  private final Claims claims;
  private final ConfigurableJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  OidcTokens(OidcSettings settings, Provider provider) {
    this(settings, provider, settings.audience());
  }

  /**
   * @param audience whom the tokens are for
   */
  OidcTokens(OidcSettings settings, Provider provider, String audience) {
    this.provider = provider;
    this.claims = new Claims(settings.userClaim(), settings.groupsClaim());
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT,
            new JOSEObjectType("at+jwt"),
            new JOSEObjectType("application/at+jwt"),
            null));
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(settings.algorithms(), provider.keys()));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            audience, new JWTClaimsSet.Builder().issuer(settings.issuer()).build(), Set.of("exp")));
  }

  @Override
  public String checkedBy() {
    return "oidc-signing-keys";
  }

  @Override
  public Optional<Instant> ends() {
    return provider.keysEnd();
  }

  @Override
  public Optional<Identity> identify(String token) {
    return token.indexOf('.') < 0 ? Optional.empty() : Optional.of(claims.identity(verify(token)));
  }

  /**
   * What a token says, once it is known to be good.
   *
   * @throws RefusedCredentials where it is not
   */
  JWTClaimsSet verify(String token) {
    if (token.length() > MAX_LENGTH) {
      throw new RefusedCredentials("This token is longer than " + MAX_LENGTH + " characters");
    }
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      if (jwt.getHeader().getCriticalParams() != null) {
        throw new RefusedCredentials("This token has crit, of which nothing is understood");
      }
      return processor.process(jwt, null);
    } catch (ParseException e) {
      throw new RefusedCredentials("This is no signed token");
    } catch (BadJOSEException e) {
      throw new RefusedCredentials("This token is not taken: " + e.getMessage());
    } catch (RateLimitReachedException e) {
      throw provider.isKnown()
          ? new RefusedCredentials("This token is signed with a key that its issuer does not have")
          : Provider.away(e);
    } catch (KeySourceException e) {
      throw Provider.away(e);
    } catch (JOSEException e) {
      throw new RefusedCredentials("The signature of this token cannot be checked");
    }
  }
}
