package org.llmroutes.gateway;

import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.Nonce;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.service.ServiceSupport;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.identity.Login;
import org.llmroutes.identity.Session;
import org.llmroutes.telemetry.Span;

/**
 * Logging in and out with a browser: {@code GET /auth/login?return_to=PATH}, {@code GET
 * /auth/callback}, {@code POST /auth/logout}. What a login has begun with is in a cookie of its
 * own, sealed, for ten minutes, so that any instance can finish it.
 */
public final class WebLogin extends ServiceSupport implements CamelContextAware {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final String CALLBACK = "/auth/callback";

  /** A path here: what a browser would take for another host is none. */
  private static final Pattern LOCAL_PATH = Pattern.compile("/(?![/\\\\])[!-\\[\\]-~]{0,2000}");

  private static final Pattern ERROR = Pattern.compile("\\w{1,40}");

  private final Gateway gateway;
  private final WebSessions sessions;
  private final Sealing sealing;
  private final List<Route> routes = new ArrayList<>();
  private CamelContext context;

  /** What has to come back with the code. */
  private record Begun(String nonce, String verifier, Instant until, String returnTo) {

    byte[] written() {
      return String.join("\n", nonce, verifier, Long.toString(until.getEpochSecond()), returnTo)
          .getBytes(StandardCharsets.US_ASCII);
    }

    static Begun of(byte[] written) {
      String[] parts = new String(written, StandardCharsets.US_ASCII).split("\n");
      return new Begun(
          parts[0], parts[1], Instant.ofEpochSecond(Long.parseLong(parts[2])), parts[3]);
    }
  }

  WebLogin(Gateway gateway, WebSessions sessions, Sealing sealing) {
    this.gateway = gateway;
    this.sessions = sessions;
    this.sealing = sealing;
  }

  @Override
  protected void doStart() {
    serve(HttpMethod.GET, "/auth/login", this::begin);
    serve(HttpMethod.GET, CALLBACK, this::finish);
    serve(HttpMethod.POST, "/auth/logout", this::logout);
  }

  /** Each on a worker, because it may wait for the provider. */
  private void serve(HttpMethod method, String path, BiConsumer<RoutingContext, Reply> action) {
    routes.add(
        VertxPlatformHttpRouter.lookup(
                context, VertxPlatformHttpRouter.getRouterNameFromPort(gateway.port()))
            .route(method, path)
            .order(-1)
            .handler(
                asked -> {
                  Reply reply = new Reply(asked, AnswerFormat.CONTRACT, Span.NONE);
                  asked.response().putHeader("Cache-Control", "no-store");
                  try {
                    gateway.workers().execute(() -> answer(asked, reply, action));
                  } catch (RejectedExecutionException e) {
                    reply.problem(HttpProblem.of(ErrorCode.UNAVAILABLE, "Too many requests"));
                  }
                }));
  }

  private static void answer(
      RoutingContext asked, Reply reply, BiConsumer<RoutingContext, Reply> action) {
    try {
      action.accept(asked, reply);
    } catch (RuntimeException e) {
      reply.problem(HttpProblem.of(e));
    }
  }

  @Override
  protected void doStop() {
    routes.forEach(Route::remove);
    routes.clear();
  }

  private void begin(RoutingContext asked, Reply reply) {
    String returnTo = asked.request().getParam("return_to", "/");
    if (!LOCAL_PATH.matcher(returnTo).matches()) {
      throw HttpProblem.ofField("return_to", "must be a path here");
    }
    String state = new State().getValue();
    Begun begun =
        new Begun(
            new Nonce().getValue(),
            new CodeVerifier().getValue(),
            Instant.now().plus(PATIENCE),
            returnTo);
    URI provider = sessions.login().begin(state, begun.nonce(), begun.verifier());
    redirect(
        reply,
        provider.toString(),
        sessions
            .cookie()
            .cookie(name(state), sealing.seal(purpose(state), begun.written()), CALLBACK)
            .setMaxAge(PATIENCE.toSeconds()));
  }

  private void finish(RoutingContext asked, Reply reply) {
    HttpServerRequest request = asked.request();
    String state = request.getParam("state", "");
    Begun begun = begun(request, state);
    String code = request.getParam("code");
    if (code == null || code.isEmpty()) {
      String error = request.getParam("error", "");
      throw HttpProblem.unauthenticated(
          "The login provider says no: " + (ERROR.matcher(error).matches() ? error : "no code"));
    }
    Login login = sessions.login();
    Session session = login.finish(code, begun.nonce(), begun.verifier());
    redirect(
        reply,
        begun.returnTo(),
        sessions.cookie().holding(session),
        sessions.cookie().cookie(name(state), "", CALLBACK).setMaxAge(0));
  }

  private Begun begun(HttpServerRequest request, String state) {
    Cookie cookie = request.getCookie(name(state));
    if (cookie != null) {
      Begun begun = sealing.open(purpose(state), cookie.getValue()).map(Begun::of).orElse(null);
      if (begun != null && Instant.now().isBefore(begun.until())) {
        return begun;
      }
    }
    throw new HttpProblem(
        400,
        "invalid_message",
        "This login was not begun in this browser, or too long ago; begin again",
        false);
  }

  private void logout(RoutingContext asked, Reply reply) {
    WebSessions.requireOwnPage(asked.request());
    String next = sessions.login().end().map(URI::toString).orElse("/");
    reply.context().runOnContext(now -> reply.response().addCookie(sessions.cookie().none()));
    reply.json(200, Map.of("location", next));
  }

  private static void redirect(Reply reply, String location, Cookie... cookies) {
    reply
        .context()
        .runOnContext(
            now -> {
              for (Cookie cookie : cookies) {
                reply.response().addCookie(cookie);
              }
              reply
                  .response()
                  .setStatusCode(302)
                  .putHeader("Referrer-Policy", "no-referrer")
                  .putHeader("Location", location)
                  .end();
            });
  }

  private static String name(String state) {
    return "llm-routes-login-" + state;
  }

  private static String purpose(String state) {
    return "login " + state;
  }

  @Override
  public void setCamelContext(CamelContext camelContext) {
    context = camelContext;
  }

  @Override
  public CamelContext getCamelContext() {
    return context;
  }
}
