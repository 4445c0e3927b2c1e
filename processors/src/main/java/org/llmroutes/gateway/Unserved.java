package org.llmroutes.gateway;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.telemetry.Span;

/**
 * Answers what no call takes, in the form of the API whose paths begin so: 404, or 405 with the
 * methods of that path, which OPTIONS asks for.
 */
final class Unserved {
  private static final HttpProblem UNREADABLE =
      HttpProblem.of(ErrorCode.INVALID_MESSAGE, "The request cannot be read");
  private static final HttpProblem UNEXPECTED =
      HttpProblem.of(ErrorCode.INTERNAL, "An unexpected error");

  private final Set<HttpTurnsEndpoint> served = ConcurrentHashMap.newKeySet();
  private final Set<Router> routers = ConcurrentHashMap.newKeySet();

  void add(Router router, HttpTurnsEndpoint endpoint) {
    served.add(endpoint);
    if (routers.add(router)) {
      router.route().order(Integer.MAX_VALUE).handler(this::answer);
      router.errorHandler(400, request -> failed(request, UNREADABLE));
      router.errorHandler(
          404, request -> failed(request, HttpProblem.unknown("There is no such path")));
      router.errorHandler(500, request -> failed(request, UNEXPECTED));
    }
  }

  void remove(HttpTurnsEndpoint endpoint) {
    served.remove(endpoint);
  }

  private void answer(RoutingContext request) {
    String path = request.normalizedPath();
    List<String> methods =
        served.stream()
            .filter(endpoint -> pattern(endpoint).matcher(path).matches())
            .flatMap(endpoint -> endpoint.methods().stream())
            .map(HttpMethod::name)
            .sorted()
            .toList();
    String asked = request.request().method() + " " + path;
    if (methods.isEmpty()) {
      reply(request).problem(HttpProblem.unknown("There is no " + asked));
      return;
    }
    String allowed = String.join(", ", methods);
    request.response().putHeader("Allow", allowed);
    if (HttpMethod.OPTIONS.equals(request.request().method())) {
      request.response().setStatusCode(204).end();
    } else {
      reply(request)
          .problem(
              new HttpProblem(
                  405,
                  ErrorCode.INVALID_MESSAGE.wire(),
                  "There is no " + asked + ", but " + allowed,
                  false));
    }
  }

  /** What the router itself cannot make sense of; it answers where nobody does at once. */
  private void failed(RoutingContext request, HttpProblem problem) {
    Reply.write(request.response(), format(request), problem);
  }

  private Reply reply(RoutingContext request) {
    return new Reply(request, format(request), Span.NONE);
  }

  /** Of the API whose paths begin so. */
  private AnswerFormat format(RoutingContext request) {
    // as it came, since one that cannot be normalized is answered here too
    String path = String.valueOf(request.request().path());
    return served.stream()
        .filter(endpoint -> first(endpoint.getPath()).equals(first(path)))
        .map(HttpTurnsEndpoint::getFormat)
        .findAny()
        .orElse(AnswerFormat.CONTRACT);
  }

  private static String first(String path) {
    return path.replaceFirst("^(/[^/]*).*", "$1");
  }

  private static Pattern pattern(HttpTurnsEndpoint endpoint) {
    String any = endpoint.isSlashes() ? ".+" : "[^/]+";
    return Pattern.compile(
        "\\Q" + endpoint.getPath().replaceAll("\\{\\w+}", "\\\\E" + any + "\\\\Q") + "\\E");
  }
}
