package org.llmroutes.gateway;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.llmroutes.contract.Sha256;
import org.llmroutes.identity.Identity;
import org.llmroutes.identity.Login;
import org.llmroutes.identity.RefusedCredentials;
import org.llmroutes.identity.Session;

/**
 * Who asks by a session's cookie. The provider is asked again when what it has vouched for is over;
 * for requests that come at the same time once, since many a provider takes a refresh token once.
 */
final class WebSessions {
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private final Login login;
  private final SessionCookie cookie;
  private final Map<String, Refreshed> refreshed = new ConcurrentHashMap<>();

  private record Refreshed(Session session, Instant at) {}

  WebSessions(Login login, SessionCookie cookie) {
    this.login = login;
    this.cookie = cookie;
  }

  Login login() {
    return login;
  }

  SessionCookie cookie() {
    return cookie;
  }

  /**
   * Empty where there is no session.
   *
   * @throws HttpProblem 403 where another site may have sent the request
   * @throws RefusedCredentials where the session is over
   */
  Optional<Identity> of(HttpServerRequest request) {
    Optional<Session> session = cookie.of(request);
    if (session.isEmpty()) {
      return Optional.empty();
    }
    requireOwnPage(request);
    Session fresh = session.get();
    if (fresh.isStale(Instant.now())) {
      fresh = refresh(fresh);
      HttpServerResponse response = request.response();
      if (!response.headWritten()) {
        response.addCookie(cookie.holding(fresh));
      }
    }
    return Optional.of(fresh.identity());
  }

  /** A page of another site can have a form sent, but no header of its own choice. */
  static void requireOwnPage(HttpServerRequest request) {
    if (!SAFE.contains(request.method()) && request.getHeader("X-Requested-With") == null) {
      throw new HttpProblem(
          403, "forbidden", "A request with a session needs the header X-Requested-With", false);
    }
  }

  private Session refresh(Session session) {
    if (session.refreshToken() == null) {
      return login.refresh(session);
    }
    Instant now = Instant.now();
    refreshed.values().removeIf(known -> known.at().plus(REMEMBERED).isBefore(now));
    return refreshed
        .compute(
            Sha256.of(session.refreshToken()),
            (token, known) ->
                known != null && !known.session().isStale(Instant.now())
                    ? known
                    : new Refreshed(login.refresh(session), Instant.now()))
        .session();
  }
}
