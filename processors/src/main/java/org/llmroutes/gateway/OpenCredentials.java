package org.llmroutes.gateway;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Everybody is {@code local}: for one machine whose gateway listens on loopback only. A request has
 * to be for this machine by name too: a web page whose name was made to lead here is not let in.
 */
final class OpenCredentials implements Credentials {
  private static final Identity LOCAL = new Identity("local", Set.of());
  private static final Pattern THIS_MACHINE =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?::1]?");

  @Override
  public Optional<Identity> identify(HttpServerRequest request) {
    if (request.authority() == null
        || !THIS_MACHINE.matcher(request.authority().host()).matches()) {
      throw new HttpProblem(403, "forbidden", "Ask this gateway at 127.0.0.1 or localhost", false);
    }
    return Optional.of(LOCAL);
  }
}
