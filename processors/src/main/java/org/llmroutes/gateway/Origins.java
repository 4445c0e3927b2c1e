package org.llmroutes.gateway;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The web pages that may use the gateway in the name of whoever looks at them: its own, and those
 * of {@code gateway.cors.origins}. A browser opens WebSockets for every page, with the cookies of
 * their target, and leaves it to the target to look at the page's origin.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-10.2">RFC 6455, 10.2</a>
 */
final class Origins {
  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final Set<String> others;

  /**
   * @param others origins with commas between them
   */
  Origins(String others) {
    this.others =
        Arrays.stream(others.split(","))
            .map(origin -> origin.strip().toLowerCase(Locale.ROOT))
            .filter(origin -> !origin.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Whether a request may come from a page of this origin.
   *
   * @param origin as a browser sends it, or null where no browser asks
   * @param authority host and port that the request is for, or null
   */
  boolean admit(String origin, String authority) {
    return origin == null || lists(origin) || authority != null && isOf(authority, origin);
  }

  /** Whether it is one of the others. */
  boolean lists(String origin) {
    return origin != null && others.contains(origin.toLowerCase(Locale.ROOT));
  }

  /** Whether there are others at all. */
  boolean hasOthers() {
    return !others.isEmpty();
  }

  /**
   * The same of a request that has nothing to do with a WebSocket: one that only reads tells its
   * answer to no page of another origin, but a form could be sent from there.
   */
  boolean admit(HttpServerRequest request) {
    return READING.contains(request.method())
        || admit(request.getHeader("Origin"), request.getHeader("Host"));
  }

  static HttpProblem refusal() {
    return new HttpProblem(
        403, "forbidden", "Pages of this origin may not use this gateway", false);
  }

  /** A proxy may have taken off the encryption, so that the scheme says nothing. */
  private static boolean isOf(String authority, String origin) {
    try {
      URI page = URI.create(origin);
      URI own = URI.create(page.getScheme() + "://" + authority);
      return page.getHost() != null
          && page.getHost().equalsIgnoreCase(own.getHost())
          && port(page) == port(own);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static int port(URI address) {
    if (address.getPort() >= 0) {
      return address.getPort();
    }
    return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
  }
}
