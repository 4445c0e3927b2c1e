package org.llmroutes.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.llmroutes.metrics.KnownMeters;
import org.llmroutes.metrics.Meters;

/** What is counted of the requests that one route of the gateway gets. */
final class GatewayMeters {
  private static final KnownMeters<String, GatewayMeters> OF_ROUTES = new KnownMeters<>();

  private final Map<String, Counter> statuses;
  private final Timer begun;
  private final Counter frames;

  private GatewayMeters(String route) {
    statuses =
        Meters.counters(
            "llm.routes.gateway.requests",
            "HTTP requests by the class of their status",
            "status",
            List.of("2xx", "3xx", "4xx", "5xx"),
            "route",
            route);
    begun =
        Meters.timer(
            "llm.routes.gateway.request",
            "From an HTTP request to the beginning of its answer",
            Meters.REQUEST,
            "route",
            route);
    frames =
        Meters.counter("llm.routes.gateway.frames", "Requests over WebSockets", "route", route);
  }

  static GatewayMeters of(String route) {
    return OF_ROUTES.of(route, GatewayMeters::new);
  }

  /** Counts a request when its answer begins. On the request's own thread. */
  void count(HttpServerResponse response) {
    long start = System.nanoTime();
    response.headersEndHandler(
        head -> {
          Counter counter = statuses.get(response.getStatusCode() / 100 + "xx");
          if (counter != null) {
            counter.increment();
          }
          begun.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        });
  }

  void frame() {
    frames.increment();
  }
}
