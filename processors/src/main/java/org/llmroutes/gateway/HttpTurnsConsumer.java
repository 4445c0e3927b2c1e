package org.llmroutes.gateway;

import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.DefaultConsumer;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.identity.Identity;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;
import org.llmroutes.turn.TurnOpening;

/**
 * Takes the requests of one method and path. A request is read on the event loop, no further than
 * its limit; the route runs on a worker; an answer is written from the event loop as it arrives.
 */
class HttpTurnsConsumer extends DefaultConsumer {
  private final HttpTurnsEndpoint endpoint;
  private GatewayMeters meters;
  private Gateway gateway;
  private Room room;
  private ExecutorService workers;
  private VertxPlatformHttpRouter router;
  private Route route;

  HttpTurnsConsumer(HttpTurnsEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    meters = GatewayMeters.of(getRouteId());
    CamelContext context = endpoint.getCamelContext();
    gateway = context.getRegistry().findSingleByType(Gateway.class);
    room =
        endpoint.getBodyBytes() == 0
            ? gateway.room()
            : gateway.room().part(endpoint.getBodyBytes());
    router =
        VertxPlatformHttpRouter.lookup(
            context, VertxPlatformHttpRouter.getRouterNameFromPort(gateway.port()));
    if (router == null) {
      throw new IllegalStateException("No HTTP server listens on gateway.port " + gateway.port());
    }
    workers =
        endpoint.getWorkers() == 0
            ? gateway.workers()
            : gateway.newWorkers(endpoint.getPath(), endpoint.getWorkers());
    route = route().order(-1).handler(endpoint.isWebSocket() ? this::upgrade : this::received);
    gateway.unserved().add(router, endpoint);
    if (endpoint.getFrame() != null) {
      gateway.frameCalls().add(endpoint.getFrame(), this);
    }
  }

  private Route route() {
    Route made =
        endpoint.isSlashes()
            ? router.routeWithRegex(endpoint.getPath().replaceFirst("\\{(\\w+)}$", "(?<$1>.+)"))
            : router.route(endpoint.getPath().replaceAll("\\{(\\w+)}", ":$1"));
    endpoint.methods().forEach(made::method);
    return made;
  }

  @Override
  protected void doStop() throws Exception {
    if (endpoint.getFrame() != null) {
      gateway.frameCalls().remove(endpoint.getFrame(), this);
    }
    gateway.unserved().remove(endpoint);
    route.remove();
    if (endpoint.getWorkers() > 0) {
      endpoint.getCamelContext().getExecutorServiceManager().shutdown(workers);
    }
    super.doStop();
  }

  @Override
  public HttpTurnsEndpoint getEndpoint() {
    return endpoint;
  }

  private void received(RoutingContext request) {
    meters.count(request.response());
    Reply reply =
        new Reply(
            request, endpoint.getFormat(), ServerSpans.of(request.request(), endpoint.getPath()));
    if (!gateway.origins().admit(request.request())) {
      reply.problem(Origins.refusal());
      return;
    }
    RequestBody body = new RequestBody(request, endpoint.getBody(), endpoint.getMaxBytes(), room);
    body.receive(gateway.bodyTimeout(), () -> dispatch(reply, body), reply::problem);
  }

  private void upgrade(RoutingContext request) {
    request.request().pause();
    dispatch(new Upgrade(request, gateway.connections()), LinkedHashMap::new);
  }

  /** Counts a request that comes over a WebSocket. */
  void countFrame() {
    meters.frame();
  }

  /**
   * Has the route work on a request, and its answer written to whoever called.
   *
   * @param content read and closed by a worker
   */
  void dispatch(Caller caller, Content content) {
    try {
      workers.execute(() -> work(caller, content));
    } catch (RejectedExecutionException e) {
      content.close();
      caller.problem(HttpProblem.of(ErrorCode.UNAVAILABLE, "Too many requests at once"));
    }
  }

  private void work(Caller caller, Content content) {
    Exchange exchange = createExchange(false);
    try (content;
        Span.Scope ignored = caller.span().enter()) {
      Map<String, Object> body = content.read();
      String requestId = describe(exchange, caller, body);
      if (TurnOpening.isToken(requestId)) {
        caller.span().request(requestId);
        caller.requestId(requestId);
      }
      if (endpoint.getResponses() == null) {
        process(exchange);
        caller.body(exchange);
      } else {
        follow(exchange, requestId, caller, body);
      }
    } catch (Exception e) {
      if (!(e instanceof HttpProblem) && HttpProblem.of(e).status() == 500) {
        getExceptionHandler().handleException(endpoint.getPath() + " failed", exchange, e);
      }
      caller.problem(HttpProblem.of(e));
    } finally {
      releaseExchange(exchange, false);
    }
  }

  /**
   * The answer is listened for before the route publishes the request, so that nothing is missed.
   */
  private void follow(Exchange exchange, String requestId, Caller caller, Map<String, Object> body)
      throws Exception {
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    String userId = identity.userId();
    Quotas quotas = gateway.quotas();
    boolean detached = Boolean.parseBoolean(String.valueOf(body.remove("detach")));
    AnswerSink sink = caller.sink(body, endpoint.isResume());
    body.put("enable_streaming", sink.wantsChunks());
    Course course = endpoint.getFormat().course(endpoint.getResponses(), requestId);
    Answer answer =
        gateway.answers().open(course, requestId, sink, caller.context(), identity.expires());
    try {
      process(exchange);
    } catch (Exception e) {
      answer.close();
      quotas.release(userId, requestId);
      throw e;
    }
    if (!endpoint.isResume() && !detached && course.hasResponse()) {
      caller.onDisconnect(
          Tracing.carry(
              () -> {
                answer.cancel();
                quotas.release(userId, requestId);
              }));
    }
    caller.onClose(
        () -> {
          answer.close();
          if (answer.isOver()) {
            quotas.release(userId, requestId);
          }
        });
    if (endpoint.isResume()) {
      answer.beginAfter(caller.lastEventId().orElse(""));
    } else {
      answer.begin();
    }
  }

  /** A run has limits of its pipeline. */
  private Quotas.Kind kind() {
    boolean turn =
        endpoint.getResponses() != null
            && !endpoint.isResume()
            && endpoint.getFormat() != AnswerFormat.RUN;
    if (turn) {
      return Quotas.Kind.TURN;
    }
    return endpoint.isCounted() ? Quotas.Kind.CALL : Quotas.Kind.LOOK;
  }

  private void process(Exchange exchange) throws Exception {
    getProcessor().process(exchange);
    if (exchange.getException() != null) {
      throw exchange.getException();
    }
  }

  /** Puts into the exchange what the request says; its id. */
  private String describe(Exchange exchange, Caller caller, Map<String, Object> body)
      throws Exception {
    Identity identity = caller.identity(gateway.callers());
    exchange.setVariable(HttpTurnsConstants.IDENTITY, identity);
    caller.parameters().forEach(exchange::setVariable);
    String named = caller.parameters().get(HttpTurnsConstants.REQUEST_ID);
    String requestId = named == null ? newRequestId(body, identity) : named;
    gateway.quotas().admit(identity.userId(), requestId, body, kind());
    exchange.setVariable(HttpTurnsConstants.REQUEST_ID, requestId);
    exchange.getMessage().setBody(body);
    return requestId;
  }

  /** Only what is published has an id of its client's. */
  private String newRequestId(Map<String, Object> body, Identity identity) throws Exception {
    return endpoint.getResponses() == null
        ? UUID.randomUUID().toString()
        : gateway.requestId(body, identity);
  }
}
