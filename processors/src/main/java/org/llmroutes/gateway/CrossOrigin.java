package org.llmroutes.gateway;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Lets the pages of {@code gateway.cors.origins} read answers, with credentials; no others. Vert.x'
 * own handler refuses whatever else names an origin, which pages of ours do as well.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">CORS</a>
 */
public final class CrossOrigin extends ServiceSupport implements CamelContextAware {
  private static final String SECONDS = "600";

  private final Origins origins;
  private final int port;
  private CamelContext context;
  private Route route;

  CrossOrigin(Origins origins, int port) {
    this.origins = origins;
    this.port = port;
  }

  @Override
  protected void doStart() {
    route =
        VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(port))
            .route()
            .order(-2)
            .handler(this::look);
  }

  @Override
  protected void doStop() {
    route.remove();
  }

  private void look(RoutingContext asked) {
    String origin = asked.request().getHeader("Origin");
    HttpServerResponse response = asked.response();
    if (origin != null && !asked.request().headers().contains("Upgrade")) {
      response.putHeader("Vary", "Origin");
    }
    if (!origins.lists(origin)) {
      asked.next();
      return;
    }
    response
        .putHeader("Access-Control-Allow-Origin", origin)
        .putHeader("Access-Control-Allow-Credentials", "true");
    if (asked.request().method() == HttpMethod.OPTIONS
        && asked.request().headers().contains("Access-Control-Request-Method")) {
      response
          .setStatusCode(204)
          .putHeader("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE")
          .putHeader(
              "Access-Control-Allow-Headers",
              "Authorization, Content-Type, Last-Event-ID, X-Requested-With")
          .putHeader("Access-Control-Max-Age", SECONDS)
          .end();
    } else {
      response.putHeader("Access-Control-Expose-Headers", "X-Request-Id, Retry-After");
      asked.next();
    }
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
