package org.llmroutes.gateway;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import org.llmroutes.identity.Identity;

/**
 * Everybody is {@code local}: for one machine whose gateway listens on loopback only. A request has
 * to be for this machine by name too: a web page whose name was made to lead here is not let in.
 */
final class OpenCredentials {
  private static final Identity LOCAL = new Identity("local", Set.of(), Instant.MAX);
  private static final Pattern THIS_MACHINE =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?::1]?");

  /**
   * @throws IllegalArgumentException where other machines can reach the gateway
   */
  OpenCredentials(String host) {
    try {
      if (InetAddress.getByName(host).isLoopbackAddress()) {
        return;
      }
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("gateway.host is no address: " + host, e);
    }
    throw new IllegalArgumentException(
        "auth.methods=open would let everybody who reaches "
            + host
            + " in; set gateway.host=127.0.0.1 or auth.methods=keys");
  }

  Identity identify(HttpServerRequest request) {
    if (request.authority() == null
        || !THIS_MACHINE.matcher(request.authority().host()).matches()) {
      throw new HttpProblem(403, "forbidden", "Ask this gateway at 127.0.0.1 or localhost", false);
    }
    return LOCAL;
  }
}
