package org.llmroutes.gateway;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.identity.Identity;
import org.llmroutes.telemetry.Span;

/** A request that becomes a WebSocket where its route lets it pass. */
final class Upgrade extends Reply {
  private final HttpServerRequest request;
  private final FrameConnections connections;

  /** To be made on the thread that the request came on; the request is to be paused. */
  Upgrade(RoutingContext request, FrameConnections connections) {
    super(request, AnswerFormat.CONTRACT, Span.NONE);
    this.request = request.request();
    this.connections = connections;
  }

  /** Where it comes from, and for which host. */
  @Override
  public Map<String, String> parameters() {
    Map<String, String> parameters = new HashMap<>();
    List<String> origins = request.headers().getAll("Origin");
    if (!origins.isEmpty()) {
      parameters.put(HttpTurnsConstants.ORIGIN, String.join(" ", origins));
    }
    if (request.authority() != null) {
      parameters.put(HttpTurnsConstants.AUTHORITY, request.authority().toString());
    }
    return parameters;
  }

  @Override
  public void body(Exchange exchange) {
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    context().runOnContext(now -> upgrade(identity));
  }

  private void upgrade(Identity identity) {
    if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))
        || !"13".equals(request.getHeader("Sec-WebSocket-Version"))) {
      if (request.version() != HttpVersion.HTTP_2) {
        // HTTP/2 has no such headers
        response()
            .putHeader("Connection", "Upgrade")
            .putHeader("Upgrade", "websocket")
            .putHeader("Sec-WebSocket-Version", "13");
      }
      problem(new HttpProblem(426, "invalid_message", "Ask for a WebSocket of version 13", false));
    } else {
      connections.open(request, identity, this::problem);
    }
  }
}
