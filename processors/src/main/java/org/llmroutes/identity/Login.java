package org.llmroutes.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.llmroutes.errors.TurnException;

/**
 * Logins with a browser: the authorization code flow of OpenID Connect with PKCE. Each call may
 * wait for the provider; while it is away they throw {@link TurnException} {@code unavailable}.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth">OpenID Connect
 *     Core, 3.1</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7636">RFC 7636</a>
 */
public final class Login {
  private final LoginSettings settings;
  private final Provider provider;
  private final Claims claims;
  private final OidcTokens idTokens;
  private final ClientID client;
  private final URI callback;
  private final int timeoutMillis;

  Login(LoginSettings settings, OidcSettings oidc, Provider provider) {
    this.settings = settings;
    this.provider = provider;
    this.claims = new Claims(oidc.userClaim(), oidc.groupsClaim());
    this.idTokens = new OidcTokens(oidc, provider, settings.clientId());
    this.client = new ClientID(settings.clientId());
    this.callback = settings.url().resolve("/auth/callback");
    this.timeoutMillis = oidc.timeoutMillis();
  }

  /** Where browsers find the gateway. */
  public URI url() {
    return settings.url();
  }

  /**
   * Where a login begins.
   *
   * @param verifier of PKCE, a secret until the code is exchanged
   */
  public URI begin(String state, String nonce, String verifier) {
    return new AuthenticationRequest.Builder(
            ResponseType.CODE, Scope.parse(settings.scopes()), client, callback)
        .endpointURI(provider.description().getAuthorizationEndpointURI())
        .state(new State(state))
        .nonce(new Nonce(nonce))
        .codeChallenge(new CodeVerifier(verifier), CodeChallengeMethod.S256)
        .build()
        .toURI();
  }

  /**
   * Who has logged in.
   *
   * @throws RefusedCredentials where the code or what comes for it is not good
   */
  public Session finish(String code, String nonce, String verifier) {
    OIDCTokens tokens =
        ask(
            new AuthorizationCodeGrant(
                new AuthorizationCode(code), callback, new CodeVerifier(verifier)));
    if (tokens.getIDTokenString() == null) {
      throw new RefusedCredentials(
          "The login provider names nobody; is openid in auth.login.scopes?");
    }
    JWTClaimsSet named = idTokens.verify(tokens.getIDTokenString());
    if (!nonce.equals(named.getClaim("nonce"))) {
      throw new RefusedCredentials("This is the token of another login");
    }
    return session(tokens, claims.identity(named), Instant.now().plus(settings.session()));
  }

  /**
   * The same user with the groups of now. While the provider is away the session goes on.
   *
   * @throws RefusedCredentials where the provider does not vouch for it any more
   */
  public Session refresh(Session session) {
    if (session.refreshToken() == null) {
      throw new RefusedCredentials("This login has ended; log in again");
    }
    OIDCTokens tokens;
    try {
      tokens = ask(new RefreshTokenGrant(new RefreshToken(session.refreshToken())));
    } catch (TurnException away) {
      return session.goingOn(Instant.now());
    }
    Identity identity = session.identity();
    if (tokens.getIDTokenString() != null) {
      identity = claims.identity(idTokens.verify(tokens.getIDTokenString()));
      if (!identity.userId().equals(session.userId())) {
        throw new RefusedCredentials("This is the login of somebody else");
      }
    }
    Session fresh = session(tokens, identity, session.ends());
    return fresh.refreshToken() != null
        ? fresh
        : new Session(
            fresh.userId(),
            fresh.groups(),
            fresh.verifiedUntil(),
            fresh.ends(),
            session.refreshToken());
  }

  /** Where the provider ends its own session; empty where it has no such page, or is away. */
  public Optional<URI> end() {
    try {
      return Optional.ofNullable(provider.description().getEndSessionEndpointURI())
          .map(
              page ->
                  new LogoutRequest(
                          page, null, null, client, settings.url().resolve("/"), null, null)
                      .toURI());
    } catch (TurnException away) {
      return Optional.empty();
    }
  }

  private static Session session(OIDCTokens tokens, Identity identity, Instant ends) {
    long lifetime = tokens.getAccessToken().getLifetime();
    Instant verified =
        lifetime > 0 ? Instant.now().plusSeconds(lifetime) : identity.expires().minus(Claims.SKEW);
    RefreshToken refresh = tokens.getRefreshToken();
    return new Session(
        identity.userId(),
        identity.groups(),
        verified.isBefore(ends) ? verified : ends,
        ends,
        refresh == null ? null : refresh.getValue());
  }

  private OIDCTokens ask(AuthorizationGrant grant) {
    OIDCProviderMetadata description = provider.description();
    URI endpoint = description.getTokenEndpointURI();
    String secret = settings.clientSecret().now();
    TokenRequest.Builder request =
        secret.isEmpty()
            ? new TokenRequest.Builder(endpoint, client, grant)
            : new TokenRequest.Builder(
                endpoint, authentication(description, new Secret(secret)), grant);
    HTTPRequest http = request.build().toHTTPRequest();
    http.setConnectTimeout(timeoutMillis);
    http.setReadTimeout(timeoutMillis);
    http.setFollowRedirects(false);
    try {
      TokenResponse response = OIDCTokenResponseParser.parse(http.send());
      if (!response.indicatesSuccess()) {
        throw new RefusedCredentials(
            "The login provider refuses: " + response.toErrorResponse().getErrorObject().getCode());
      }
      return ((OIDCTokenResponse) response.toSuccessResponse()).getOIDCTokens();
    } catch (IOException | ParseException e) {
      throw Provider.away(e);
    }
  }

  private ClientAuthentication authentication(OIDCProviderMetadata description, Secret secret) {
    List<ClientAuthenticationMethod> methods = description.getTokenEndpointAuthMethods();
    return methods == null || methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
        ? new ClientSecretBasic(client, secret)
        : new ClientSecretPost(client, secret);
  }
}
