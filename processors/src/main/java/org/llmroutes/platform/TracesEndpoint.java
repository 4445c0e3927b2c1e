package org.llmroutes.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.llmroutes.telemetry.SpanView;
import org.llmroutes.telemetry.Tracing;

/**
 * {@code GET /observe/traces/{request_id}} beside health and metrics: the newest spans of a
 * request, for whoever is on the machine or in the pod.
 */
final class TracesEndpoint {
  static final String PATH = "/observe/traces/";

  private static final ObjectMapper JSON = new ObjectMapper();

  private TracesEndpoint() {}

  /** Where traces are on, once the server of health and metrics listens. */
  static void serve(CamelContext context, int port) {
    VertxPlatformHttpRouter router =
        VertxPlatformHttpRouter.lookup(
            context, VertxPlatformHttpRouter.getRouterNameFromPort(port));
    if (Tracing.isOn() && router != null) {
      router.get(PATH + ":request_id").order(-1).handler(TracesEndpoint::answer);
    }
  }

  private static void answer(RoutingContext request) {
    if (!isHere(request.request().remoteAddress().hostAddress())) {
      request.response().setStatusCode(403).end();
      return;
    }
    List<SpanView> spans = Tracing.find(request.pathParam("request_id")).orElse(List.of());
    try {
      request
          .response()
          .setStatusCode(spans.isEmpty() ? 404 : 200)
          .putHeader("Content-Type", "application/json")
          .end(JSON.writeValueAsString(Map.of("spans", spans)));
    } catch (JsonProcessingException e) {
      request.fail(e);
    }
  }

  private static boolean isHere(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
