package org.llmroutes.gateway;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.llmroutes.config.Settings;

/** Finds out who asks, by the methods of {@code auth.methods} in their order. */
public final class Authentication {
  private final List<Credentials> methods;

  private Authentication(List<Credentials> methods) {
    this.methods = methods;
  }

  /**
   * @throws IllegalArgumentException for an unknown method, none, or {@code open} where others than
   *     this machine can reach the gateway
   */
  public static Authentication of(Settings settings) {
    List<Credentials> methods = new ArrayList<>();
    for (String name :
        Arrays.stream(settings.get("auth.methods").split(",")).map(String::strip).toList()) {
      methods.add(
          switch (name) {
            case "keys" -> new ApiKeys(settings.path(settings.get("auth.keys-file")));
            case "open" -> open(settings.get("gateway.host"));
            default ->
                throw new IllegalArgumentException(
                    "auth.methods may have keys and open, not " + name);
          });
    }
    return new Authentication(methods);
  }

  private static Credentials open(String host) {
    try {
      if (InetAddress.getByName(host).isLoopbackAddress()) {
        return new OpenCredentials();
      }
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("gateway.host is no address: " + host, e);
    }
    throw new IllegalArgumentException(
        "auth.methods=open would let everybody who reaches "
            + host
            + " in; set gateway.host=127.0.0.1 or auth.methods=keys");
  }

  /**
   * @throws HttpProblem 401 where nothing says who asks
   */
  Identity of(HttpServerRequest request) {
    for (Credentials method : methods) {
      Optional<Identity> identity = method.identify(request);
      if (identity.isPresent()) {
        return identity.get();
      }
    }
    throw new HttpProblem(
        401, "unauthenticated", "Send an API key: Authorization: Bearer KEY", false);
  }
}
