package org.llmroutes.http;

import java.io.IOException;
import java.net.URI;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.http.protocol.RequestConnControl;
import org.apache.hc.core5.http.protocol.RequestContent;
import org.apache.hc.core5.http.protocol.RequestTargetHost;
import org.apache.hc.core5.http.protocol.RequestUserAgent;

/**
 * HTTP/1.1 on the asking thread, over connections that are kept for the next request. Redirects are
 * answers like any other. Safe for concurrent use.
 */
final class HttpConnections {
  private static final HttpProcessor HEADERS =
      HttpProcessorBuilder.create()
          .addAll(
              RequestTargetHost.INSTANCE,
              RequestContent.INSTANCE,
              RequestConnControl.INSTANCE,
              new RequestUserAgent("llm-routes"))
          .build();

  private final HttpRequestExecutor executor = new HttpRequestExecutor();
  private final Map<String, Deque<HttpConnection>> idle = new ConcurrentHashMap<>();

  /** Sends a request and returns once the head of its answer is there. */
  HttpExchange send(URI uri, ClassicHttpRequest request) throws IOException {
    try {
      HttpConnection connection = take(uri);
      HttpCoreContext context = HttpCoreContext.create();
      executor.preProcess(request, HEADERS, context);
      ClassicHttpResponse response = executor.execute(request, connection, context);
      return new HttpExchange(
          connection, response, () -> keep(connection, request, response, context));
    } catch (HttpException e) {
      throw new IOException(e);
    } catch (IOException e) {
      throw HttpExchange.interruptedOr(e);
    }
  }

  /** The one that was used last, since a server closes those first that rest longest. */
  private HttpConnection take(URI uri) throws IOException {
    Deque<HttpConnection> kept = idle.get(HttpConnection.serviceOf(uri));
    if (kept != null) {
      for (HttpConnection one = kept.pollFirst(); one != null; one = kept.pollFirst()) {
        if (one.isIdle()) {
          return one;
        }
        one.abort();
      }
    }
    return HttpConnection.open(uri);
  }

  private void keep(
      HttpConnection connection,
      ClassicHttpRequest request,
      ClassicHttpResponse response,
      HttpCoreContext context) {
    if (connection.isConsistent()
        && DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, context)) {
      idle.computeIfAbsent(connection.service(), service -> new ConcurrentLinkedDeque<>())
          .addFirst(connection);
    } else {
      connection.abort();
    }
  }
}
