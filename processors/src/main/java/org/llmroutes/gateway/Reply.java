package org.llmroutes.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.llmroutes.identity.Identity;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;

/** The answer to one HTTP request. May be called from any thread; writes on the request's own. */
class Reply implements Caller {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String REQUEST_ID = "X-Request-Id";

  private static final long LINGER_MILLIS = 1000;

  private final RoutingContext request;
  private final HttpServerResponse response;
  private final Context context;
  private final AnswerFormat format;
  private final Span span;

  /** To be made on the thread that the request came on. */
  Reply(RoutingContext request, AnswerFormat format, Span span) {
    this.span = span;
    this.request = request;
    this.format = format;
    this.response = request.response();
    this.context = request.vertx().getOrCreateContext();
  }

  @Override
  public Identity identity(Callers callers) {
    return callers.of(request.request());
  }

  @Override
  public Span span() {
    return span;
  }

  @Override
  public Map<String, String> parameters() {
    return request.pathParams();
  }

  @Override
  public Optional<String> lastEventId() {
    return Optional.ofNullable(request.request().getHeader("Last-Event-ID"));
  }

  @Override
  public AnswerSink sink(Map<String, Object> asked, boolean resume) {
    return format.sink(this, asked, resume);
  }

  /** Whether the client says that it takes events. */
  boolean acceptsEvents() {
    String accept = request.request().getHeader("Accept");
    return accept != null && accept.contains("text/event-stream");
  }

  @Override
  public void requestId(String id) {
    context.runOnContext(now -> response.putHeader(REQUEST_ID, id));
  }

  /** Text is written as it is, what is streamed while it is made, on the calling thread. */
  @Override
  public void body(Exchange exchange) {
    Object body = exchange.getMessage().getBody();
    span.end();
    int status =
        Optional.ofNullable(
                exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class))
            .orElse(body == null ? 204 : 200);
    String type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, String.class);
    if (body instanceof String text) {
      write(status, type, text);
    } else if (body instanceof StreamedBody streamed) {
      new BodyStream(context, response).write(type, streamed);
    } else {
      json(status, body);
    }
  }

  @Override
  public void problem(HttpProblem problem) {
    ServerSpans.refused(span, problem);
    context.runOnContext(
        now -> {
          if (!response.headWritten()) {
            problem.headers().forEach(response::putHeader);
          }
        });
    json(problem.status(), format.problem(problem));
  }

  /**
   * @param body null for none
   */
  void json(int status, Object body) {
    write(status, "application/json", body == null ? null : text(body));
  }

  private void write(int status, String type, String body) {
    context.runOnContext(
        now -> {
          if (response.ended() || response.closed()) {
            return;
          }
          response.setStatusCode(status);
          if (!response.headers().contains(REQUEST_ID)) {
            response.putHeader(REQUEST_ID, UUID.randomUUID().toString());
          }
          boolean unread = !request.request().isEnded();
          if (unread) {
            response.putHeader("Connection", "close");
          }
          Future<Void> written =
              body == null ? response.end() : response.putHeader("Content-Type", type).end(body);
          if (unread) {
            // a close resets whoever still sends, who then would not read the answer
            written.onComplete(
                done ->
                    request
                        .vertx()
                        .setTimer(LINGER_MILLIS, late -> request.request().connection().close()));
          }
        });
  }

  /** On the request's own thread: answers at once, where no call has taken the request. */
  static Future<Void> write(HttpServerResponse response, AnswerFormat format, HttpProblem problem) {
    return response
        .setStatusCode(problem.status())
        .putHeader(REQUEST_ID, UUID.randomUUID().toString())
        .putHeader("Content-Type", "application/json")
        .end(text(format.problem(problem)));
  }

  /** On the request's own thread: begins a stream of events. */
  void beginEvents() {
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
  }

  @Override
  public Context context() {
    return context;
  }

  /** On the request's own thread. */
  HttpServerResponse response() {
    return response;
  }

  @Override
  public void onDisconnect(Runnable action) {
    context.runOnContext(
        now -> {
          if (isGone()) {
            action.run();
          } else {
            response.closeHandler(
                closed -> {
                  if (isGone()) {
                    action.run();
                  }
                });
          }
        });
  }

  /** Whether the client went away while the route was at work, or since. */
  private boolean isGone() {
    return response.closed() && !response.ended();
  }

  @Override
  public void onClose(Runnable action) {
    Runnable closed =
        () -> {
          span.set(Names.HTTP_STATUS, response.getStatusCode()).end();
          action.run();
        };
    context.runOnContext(
        now -> {
          if (response.ended() || response.closed()) {
            closed.run();
          } else {
            response.endHandler(ended -> closed.run());
          }
        });
  }

  static String text(Object json) {
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A message of the contract is always JSON", e);
    }
  }
}
