package org.llmroutes.gateway;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.DefaultConsumer;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.identity.Identity;

/**
 * Takes the requests of one method and path. A request is read on the event loop, no further than
 * its limit; the route runs on a worker; an answer is written from the event loop as it arrives.
 */
class HttpTurnsConsumer extends DefaultConsumer {
  private final HttpTurnsEndpoint endpoint;
  private Gateway gateway;
  private Route route;

  HttpTurnsConsumer(HttpTurnsEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    CamelContext context = endpoint.getCamelContext();
    gateway = context.getRegistry().findSingleByType(Gateway.class);
    VertxPlatformHttpRouter router =
        VertxPlatformHttpRouter.lookup(
            context, VertxPlatformHttpRouter.getRouterNameFromPort(gateway.port()));
    if (router == null) {
      throw new IllegalStateException("No HTTP server listens on gateway.port " + gateway.port());
    }
    route =
        router
            .route(
                HttpMethod.valueOf(endpoint.getMethod().toUpperCase(Locale.ROOT)),
                endpoint.getPath().replaceAll("\\{(\\w+)}", ":$1"))
            .order(-1)
            .handler(this::received);
  }

  @Override
  protected void doStop() throws Exception {
    route.remove();
    super.doStop();
  }

  private void received(RoutingContext request) {
    Reply reply = new Reply(request, endpoint.getFormat());
    RequestBody.read(
        request.request(),
        endpoint.getMaxBytes(),
        body -> dispatch(request, reply, body),
        reply::problem);
  }

  private void dispatch(RoutingContext request, Reply reply, Map<String, Object> body) {
    ExecutorService workers = gateway.workers();
    try {
      workers.execute(() -> work(request, reply, body));
    } catch (RejectedExecutionException e) {
      reply.problem(HttpProblem.of(ErrorCode.UNAVAILABLE, "Too many requests at once"));
    }
  }

  private void work(RoutingContext request, Reply reply, Map<String, Object> body) {
    Exchange exchange = createExchange(false);
    try {
      describe(exchange, request, body);
      reply.requestId(exchange.getVariable(HttpTurnsConstants.REQUEST_ID, String.class));
      if (endpoint.getResponses() == null) {
        process(exchange);
        reply.body(exchange);
      } else {
        follow(exchange, request, reply, body);
      }
    } catch (Exception e) {
      if (!(e instanceof HttpProblem) && HttpProblem.of(e).status() == 500) {
        getExceptionHandler().handleException(endpoint.getPath() + " failed", exchange, e);
      }
      reply.problem(HttpProblem.of(e));
    } finally {
      releaseExchange(exchange, false);
    }
  }

  /**
   * The answer is listened for before the route publishes the request, so that nothing is missed.
   */
  private void follow(
      Exchange exchange, RoutingContext request, Reply reply, Map<String, Object> body)
      throws Exception {
    boolean streams = endpoint.isResume() || endpoint.getFormat().streams(reply, body);
    boolean detached = Boolean.TRUE.equals(body.remove("detach"));
    AnswerSink sink = endpoint.getFormat().sink(reply, body, streams);
    body.put("enable_streaming", streams);
    Answer answer =
        gateway
            .answers()
            .open(
                endpoint.getResponses(),
                exchange.getVariable(HttpTurnsConstants.REQUEST_ID, String.class),
                sink,
                reply.context());
    try {
      process(exchange);
    } catch (Exception e) {
      answer.close();
      throw e;
    }
    if (endpoint.isResume()) {
      answer.continueAfter(
          Optional.ofNullable(request.request().getHeader("Last-Event-ID")).orElse(""));
    } else if (!detached) {
      reply.onDisconnect(answer::cancel);
    }
    reply.onClose(answer::close);
  }

  private void process(Exchange exchange) throws Exception {
    getProcessor().process(exchange);
    if (exchange.getException() != null) {
      throw exchange.getException();
    }
  }

  private void describe(Exchange exchange, RoutingContext request, Map<String, Object> body)
      throws Exception {
    Identity identity = gateway.callers().of(request.request());
    exchange.setVariable(HttpTurnsConstants.IDENTITY, identity);
    request.pathParams().forEach(exchange::setVariable);
    exchange.setVariable(
        HttpTurnsConstants.REQUEST_ID,
        request.pathParams().containsKey(HttpTurnsConstants.REQUEST_ID)
            ? request.pathParam(HttpTurnsConstants.REQUEST_ID)
            : gateway.requestId(body, identity));
    exchange.getMessage().setBody(body);
  }
}
