package org.llmroutes.gateway;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import org.llmroutes.identity.Authentication;
import org.llmroutes.identity.Identity;
import org.llmroutes.identity.Principals;
import org.llmroutes.identity.RefusedCredentials;

/**
 * Finds out who sends an HTTP request: by its bearer token, by the session of its browser, or,
 * where the gateway is open, by nothing at all. Looks at its headers alone, and of these at no more
 * than one of a name: what a proxy or a form might add says nothing about who asks, save that a key
 * may be one of a web application that says whom it asks for.
 */
public final class Callers {
  private static final String BEARER = "Bearer ";

  private final Authentication authentication;
  private final Optional<WebSessions> sessions;
  private final Optional<OpenCredentials> open;
  private final Origins origins;
  private final Principals principals;

  Callers(
      Authentication authentication,
      Optional<WebSessions> sessions,
      Optional<OpenCredentials> open,
      Origins origins,
      Principals principals) {
    this.authentication = authentication;
    this.sessions = sessions;
    this.open = open;
    this.origins = origins;
    this.principals = principals;
  }

  /**
   * Who asks. May wait for the provider, so it is not for an event loop; what the credentials say
   * of groups is noted for the searches of the request.
   *
   * @throws RefusedCredentials where nothing says so, or what does is not good
   * @throws HttpProblem 403 where the page of another site asks by what a browser sends along, or
   *     an open gateway is asked by another name than this machine's
   */
  public Identity of(HttpServerRequest request) {
    List<String> authorization = request.headers().getAll("Authorization");
    if (authorization.size() > 1) {
      throw new RefusedCredentials("Send one Authorization header");
    }
    if (authentication.takesTokens() && !authorization.isEmpty()) {
      Identity identity = authentication.identify(bearer(authorization.get(0)));
      return identity.forwardsUsers() ? forwarded(identity, request) : noted(identity);
    }
    requireKnownPage(request);
    Optional<Identity> loggedIn = sessions.flatMap(known -> known.of(request));
    if (loggedIn.isPresent()) {
      return noted(loggedIn.get());
    }
    return open.map(credentials -> credentials.identify(request))
        .orElseThrow(
            () -> new RefusedCredentials("Send an API key or a token: Authorization: Bearer KEY"));
  }

  /** Of another user nothing more is known by this; what it does for nobody, it does for itself. */
  private Identity forwarded(Identity application, HttpServerRequest request) {
    return ForwardedUser.of(request.headers())
        .map(application::forwarding)
        .orElseGet(() -> noted(application));
  }

  private Identity noted(Identity identity) {
    principals.learn(identity.userId(), identity.groups());
    return identity;
  }

  private void requireKnownPage(HttpServerRequest request) {
    String authority = request.authority() == null ? null : request.authority().toString();
    if (!origins.admit(request.getHeader("Origin"), authority)) {
      throw new HttpProblem(
          403, "forbidden", "Pages of this origin are not in gateway.cors.origins", false);
    }
  }

  private static String bearer(String authorization) {
    if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw new RefusedCredentials("Send credentials as Authorization: Bearer KEY");
    }
    return authorization.substring(BEARER.length()).strip();
  }
}
