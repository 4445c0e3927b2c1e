package org.llmroutes.http;

import java.net.URI;
import java.util.function.BiConsumer;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/** Spans of HTTP calls. */
public final class HttpSpans {
  private HttpSpans() {}

  /**
   * Begins the span of a call, named by its method and path.
   *
   * @param service what is called, as settings and logs name it
   * @param headers sets those that tell the server of it
   */
  public static Span begin(
      String service, String method, URI address, BiConsumer<String, String> headers) {
    Span current = Tracing.current();
    if (current == Span.NONE) {
      return current;
    } else if (current.isContinued()) {
      // part of no work here, such as a look at a run: hours of them would hide what else there is
      current.inject(headers);
      return Span.NONE;
    }
    // without the query, which may hold what is said
    Span span = current.begin(Span.Kind.CLIENT, method + " " + address.getPath());
    span.inject(headers);
    return span.set(Names.SERVICE, service)
        .set(Names.HTTP_METHOD, method)
        .set(Names.URL_PATH, address.getPath())
        .set(Names.SERVER_ADDRESS, address.getHost())
        .set(Names.SERVER_PORT, port(address));
  }

  private static long port(URI address) {
    int port = address.getPort();
    return port >= 0 ? port : "https".equals(address.getScheme()) ? 443 : 80;
  }
}
