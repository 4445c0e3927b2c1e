package org.llmroutes.gateway;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.llmroutes.errors.ErrorCode;

/**
 * Answers what no call takes, in the form of the API whose paths begin so: 404, or 405 with the
 * methods of that path. Paths of no API are left to whoever else serves them.
 */
final class Unserved {
  private final Set<HttpTurnsEndpoint> served = ConcurrentHashMap.newKeySet();
  private final Set<Router> routers = ConcurrentHashMap.newKeySet();

  void add(Router router, HttpTurnsEndpoint endpoint) {
    served.add(endpoint);
    if (routers.add(router)) {
      router.route().order(Integer.MAX_VALUE).handler(this::answer);
    }
  }

  void remove(HttpTurnsEndpoint endpoint) {
    served.remove(endpoint);
  }

  private void answer(RoutingContext request) {
    String path = request.normalizedPath();
    Optional<AnswerFormat> format =
        served.stream()
            .filter(endpoint -> first(endpoint.getPath()).equals(first(path)))
            .map(HttpTurnsEndpoint::getFormat)
            .findAny();
    if (format.isEmpty()) {
      request.next();
      return;
    }
    Reply reply = new Reply(request, format.get());
    List<String> methods =
        served.stream()
            .filter(endpoint -> pattern(endpoint).matcher(path).matches())
            .map(endpoint -> endpoint.getMethod().toUpperCase(Locale.ROOT))
            .sorted()
            .toList();
    String asked = request.request().method() + " " + path;
    if (methods.isEmpty()) {
      reply.problem(HttpProblem.unknown("There is no " + asked));
    } else {
      String allowed = String.join(", ", methods);
      request.response().putHeader("Allow", allowed);
      reply.problem(
          new HttpProblem(
              405,
              ErrorCode.INVALID_MESSAGE.wire(),
              "There is no " + asked + ", but " + allowed,
              false));
    }
  }

  private static String first(String path) {
    return path.split("/", 3)[1];
  }

  private static Pattern pattern(HttpTurnsEndpoint endpoint) {
    String any = endpoint.isSlashes() ? ".+" : "[^/]+";
    return Pattern.compile(
        "\\Q" + endpoint.getPath().replaceAll("\\{\\w+}", "\\\\E" + any + "\\\\Q") + "\\E");
  }
}
