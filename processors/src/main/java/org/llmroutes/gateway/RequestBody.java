package org.llmroutes.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.llmroutes.errors.ErrorCode;

/**
 * The body of a request. It is read on the event loop, no further than a limit, no longer than a
 * time, and only where there is room for it; what a client goes on sending after that is not read.
 */
final class RequestBody implements Content {
  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private static final long NO_TIMER = -1;

  private final RoutingContext context;
  private final HttpServerRequest request;
  private final BodyForm form;
  private final int maxBytes;
  private final Room room;
  private final Buffer buffer = Buffer.buffer();
  private Consumer<HttpProblem> onProblem;
  private long timer = NO_TIMER;
  private int taken;

  RequestBody(RoutingContext context, BodyForm form, int maxBytes, Room room) {
    this.context = context;
    this.request = context.request();
    this.form = form;
    this.maxBytes = maxBytes + form.aside();
    this.room = room;
  }

  /**
   * Calls one of the two, unless the client goes away before.
   *
   * @param timeout how long its sender may take
   */
  void receive(Duration timeout, Runnable onRead, Consumer<HttpProblem> ifNot) {
    onProblem = ifNot;
    if (declared() > maxBytes) {
      refuse(tooLarge());
      return;
    }
    timer = context.vertx().setTimer(timeout.toMillis(), late -> refuse(tooSlow(timeout)));
    request.exceptionHandler(
        gone -> {
          end();
          close();
        });
    request.handler(this::received);
    request.endHandler(
        all -> {
          end();
          onRead.run();
        });
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      context.response().writeContinue();
    }
  }

  private long declared() {
    String length = request.getHeader("Content-Length");
    return length != null && length.matches("\\d{1,18}") ? Long.parseLong(length) : 0;
  }

  private void received(Buffer part) {
    if (buffer.length() + part.length() > maxBytes) {
      refuse(tooLarge());
    } else if (!room.take(part.length())) {
      refuse(HttpProblem.of(ErrorCode.UNAVAILABLE, "Too much is being sent at once"));
    } else {
      taken += part.length();
      buffer.appendBuffer(part);
    }
  }

  private void refuse(HttpProblem problem) {
    request.pause();
    request.handler(null).endHandler(null);
    end();
    close();
    onProblem.accept(problem);
  }

  private void end() {
    request.exceptionHandler(null);
    context.vertx().cancelTimer(timer);
  }

  private HttpProblem tooLarge() {
    return HttpProblem.of(ErrorCode.TOO_LARGE, "The body has more than " + maxBytes + " bytes");
  }

  private static HttpProblem tooSlow(Duration timeout) {
    return new HttpProblem(
        408, "timeout", "The body did not come within " + timeout.toSeconds() + " s", true);
  }

  @Override
  public Map<String, Object> read() {
    if (buffer.length() > 0) {
      return form.fields(this);
    }
    // what changes something needs a body of a type that pages of others cannot send
    return READING.contains(request.method()) ? BodyForm.texts(query()) : new LinkedHashMap<>();
  }

  /** Its memory is somebody else's. */
  @Override
  public void close() {
    room.giveBack(taken);
    taken = 0;
  }

  byte[] bytes() {
    return buffer.getBytes();
  }

  /** Of the query, whatever the body is. */
  MultiMap query() {
    return context.queryParams();
  }

  /** As the client says it; empty where it does not. */
  String type() {
    String type = request.getHeader("Content-Type");
    return type == null ? "" : type;
  }

  /**
   * @throws HttpProblem 415 where it is of another media type
   */
  void require(String wanted) {
    if (!isType(wanted)) {
      throw new HttpProblem(415, "invalid_message", "Send it with Content-Type: " + wanted, false);
    }
  }

  /**
   * @param wanted a media type, or what stands before the slash of several
   */
  boolean isType(String wanted) {
    String type = type().replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    return type.equals(wanted) || type.startsWith(wanted + "/");
  }
}
