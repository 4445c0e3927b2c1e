package org.llmroutes.platform;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.VertxWrapper;

/**
 * For Camel's management server, which takes no options. Vert.x can write the first answer of a
 * connection that a client asks to become HTTP/2 in the midst of its upgrade, and the client then
 * waits for ever.
 */
final class PlainVertx extends VertxWrapper {

  PlainVertx() {
    super((VertxInternal) Vertx.vertx());
  }

  @Override
  public HttpServer createHttpServer(HttpServerOptions options) {
    return super.createHttpServer(options.setHttp2ClearTextEnabled(false));
  }
}
