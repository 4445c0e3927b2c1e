package org.llmroutes.gateway;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/** Spans of what the gateway is asked. */
final class ServerSpans {
  private ServerSpans() {}

  /**
   * @param path as the route has it, with names for what differs
   */
  static Span of(HttpServerRequest request, String path) {
    if (!Tracing.isOn()) {
      return Span.NONE;
    }
    return Tracing.receive(
            Span.Kind.SERVER, request.method().name() + " " + path, name -> header(request, name))
        .set(Names.HTTP_METHOD, request.method().name())
        .set(Names.HTTP_ROUTE, path);
  }

  /** A frame names its trace itself: that of the connection would never end. */
  static Span ofFrame(String type, String traceparent) {
    return Tracing.isOn()
        ? Tracing.receive(
            Span.Kind.SERVER,
            "frame " + type,
            name -> "traceparent".equals(name) ? traceparent : null)
        : Span.NONE;
  }

  /** Several are either one or none. */
  private static String header(HttpServerRequest request, String name) {
    List<String> values = request.headers().getAll(name);
    return values.isEmpty() ? null : String.join(",", values);
  }

  /** Ends the span of a refused request. */
  static void refused(Span span, HttpProblem problem) {
    span.set(Names.HTTP_STATUS, problem.status());
    if (problem.status() >= 500) {
      span.fail(Integer.toString(problem.status()));
    }
    span.end();
  }
}
