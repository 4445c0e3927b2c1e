package org.llmroutes.gateway;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.service.ServiceSupport;
import org.llmroutes.config.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the built web pages at {@code /}, to everybody: what they show, they ask of the API. Only
 * files that were there at the start are served, so that no path can leave their folder.
 */
public final class Pages extends ServiceSupport implements CamelContextAware {
  private static final Logger LOG = LoggerFactory.getLogger(Pages.class);

  /** Nothing from elsewhere, nothing inline; WebAssembly is what detects speech. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:;"
          + " connect-src 'self' blob:; media-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self';"
          + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  private final Path folder;
  private final int port;
  private CamelContext context;
  private Map<String, PageFile> files;
  private Route route;

  public Pages(Settings settings) {
    this.folder = settings.path("web/dist");
    this.port = settings.getInt("gateway.port");
  }

  @Override
  protected void doStart() throws IOException {
    files = PageFile.in(folder);
    if (files.isEmpty()) {
      LOG.info("No web pages are served: they are not built");
    }
    route =
        VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(port))
            .route()
            .method(HttpMethod.GET)
            .method(HttpMethod.HEAD)
            .order(0)
            .handler(this::serve);
  }

  @Override
  protected void doStop() {
    route.remove();
  }

  private void serve(RoutingContext asked) {
    HttpServerRequest request = asked.request();
    PageFile file = files.get(request.path());
    if (file == null) {
      asked.next();
      return;
    }
    HttpServerResponse response = asked.response();
    response
        .putHeader("ETag", file.tag())
        .putHeader("Cache-Control", file.lasting() ? "max-age=31536000, immutable" : "no-cache")
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Permissions-Policy", "microphone=(self), camera=(), geolocation=()")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Vary", "Accept-Encoding");
    if (file.tag().equals(request.getHeader("If-None-Match"))) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader("Content-Type", file.type());
    String encodings = request.getHeader("Accept-Encoding");
    boolean compressed =
        file.compressed() != null && encodings != null && encodings.contains("gzip");
    if (compressed) {
      response.putHeader("Content-Encoding", "gzip");
    }
    Path sent = compressed ? file.compressed() : file.path();
    if (request.method() == HttpMethod.HEAD) {
      response.putHeader("Content-Length", Long.toString(sent.toFile().length())).end();
    } else {
      response.sendFile(sent.toString()).onFailure(asked::fail);
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
