package org.llmroutes.gateway;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.llmroutes.config.Settings;

/** Camel's HTTP server, with the options of Vert.x that Camel has no setting for. */
public final class GatewayServer extends VertxPlatformHttpServer {
  private static final int PATIENCE_SECONDS = 30;
  private static final int TICK_MILLIS = 250;

  /** A token that names some hundred groups has more than the usual 8 KB. */
  private static final int MAX_HEADER_BYTES = 32 * 1024;

  private final VertxPlatformHttpServerConfiguration address;
  private final HttpServerOptions options;
  private final IdleConnections connections;
  private HttpServer server;

  private GatewayServer(
      VertxPlatformHttpServerConfiguration address,
      HttpServerOptions options,
      IdleConnections connections) {
    super(address);
    this.address = address;
    this.options = options;
    this.connections = connections;
  }

  public static GatewayServer of(Settings settings) {
    VertxPlatformHttpServerConfiguration address = new VertxPlatformHttpServerConfiguration();
    address.setBindHost(settings.get("gateway.host"));
    address.setBindPort(settings.getInt("gateway.port"));
    address.setServerType(VertxPlatformHttpRouter.SERVER_TYPE_SERVER);
    // compression would cost each connection a window of its own, for tokens that are too short
    HttpServerOptions options =
        new HttpServerOptions()
            // of a connection that may become one of HTTP/2 nothing is told before its first header
            .setHttp2ClearTextEnabled(false)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setMaxWebSocketFrameSize(settings.getInt("gateway.sockets.max-frame-bytes"));
    return new GatewayServer(
        address, options, new IdleConnections(settings.getDuration("gateway.idle-timeout")));
  }

  @Override
  protected void doInit() {
    setVertx(Vertx.vertx());
  }

  @Override
  protected void startServer() throws Exception {
    VertxPlatformHttpRouter router =
        VertxPlatformHttpRouter.lookup(
            getCamelContext(),
            VertxPlatformHttpRouter.getRouterNameFromPort(address.getBindPort()));
    server =
        getVertx()
            .createHttpServer(options)
            .connectionHandler(connections::opened)
            .invalidRequestHandler(GatewayServer::refuse)
            .requestHandler(
                request -> {
                  connections.requested(request);
                  router.handle(request);
                });
    getVertx().setPeriodic(TICK_MILLIS, tick -> connections.tick());
    await(server.listen(address.getBindPort(), address.getBindHost()));
  }

  /** What is no HTTP, or more of it than there is room for. */
  private static void refuse(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    int status = 400;
    if (cause instanceof TooLongHttpLineException) {
      status = 414;
    } else if (cause instanceof TooLongHttpHeaderException) {
      status = 431;
    }
    HttpProblem problem =
        new HttpProblem(status, "invalid_message", "The request cannot be read", false);
    Reply.write(request.response(), AnswerFormat.CONTRACT, problem)
        .onComplete(written -> request.connection().close());
  }

  @Override
  protected void stopServer() {
    awaitEnd(server.close());
  }

  @Override
  protected void stopVertx() {
    awaitEnd(getVertx().close());
  }

  @Override
  public HttpServer getServer() {
    return server;
  }

  @Override
  public int getPort() {
    return server == null ? address.getBindPort() : server.actualPort();
  }

  private static void awaitEnd(Future<Void> end) {
    try {
      await(end);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("The HTTP server did not stop", e);
    }
  }

  private static void await(Future<?> done)
      throws InterruptedException, ExecutionException, TimeoutException {
    done.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
