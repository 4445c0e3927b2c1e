package org.llmroutes.gateway;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.llmroutes.config.Settings;
import org.llmroutes.identity.Authentication;
import org.llmroutes.identity.Identity;
import org.llmroutes.identity.Principals;
import org.llmroutes.identity.RefusedCredentials;

/**
 * Finds out who sends an HTTP request. Looks at its headers alone, and of these at no more than one
 * of a name: what a proxy or a form might add says nothing about who asks.
 */
public final class Callers {
  private static final String BEARER = "Bearer ";

  private final Authentication authentication;
  private final OpenCredentials open;
  private final Principals principals;

  /**
   * @throws IllegalArgumentException for settings that do not go together
   */
  public Callers(Settings settings, Principals principals) {
    this.principals = principals;
    this.authentication = Authentication.of(settings);
    this.open =
        Authentication.isOpen(settings) ? new OpenCredentials(settings.get("gateway.host")) : null;
  }

  /**
   * Who asks. May wait for the keys of a provider, so it is not for an event loop; what the
   * credentials say of groups is noted for the searches of the request.
   *
   * @throws RefusedCredentials where nothing says so, or what does is not good
   * @throws HttpProblem 403 where an open gateway is asked by another name than this machine's
   */
  public Identity of(HttpServerRequest request) {
    List<String> authorization = request.headers().getAll("Authorization");
    if (authorization.size() > 1) {
      throw new RefusedCredentials("Send one Authorization header");
    }
    if (authentication.takesTokens() && !authorization.isEmpty()) {
      Identity identity = authentication.identify(bearer(authorization.get(0)));
      principals.learn(identity.userId(), identity.groups());
      return identity;
    }
    if (open == null) {
      throw new RefusedCredentials("Send an API key or a token: Authorization: Bearer KEY");
    }
    return open.identify(request);
  }

  private static String bearer(String authorization) {
    if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw new RefusedCredentials("Send credentials as Authorization: Bearer KEY");
    }
    return authorization.substring(BEARER.length()).strip();
  }
}
