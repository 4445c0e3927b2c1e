package org.llmroutes.gateway;

import io.vertx.core.Context;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.llmroutes.identity.Identity;
import org.llmroutes.telemetry.Span;

/** Whoever sent one request, over whatever connection, and how it is answered there. */
interface Caller {
  /**
   * @throws HttpProblem 401 where nothing says who it is
   */
  Identity identity(Callers callers);

  /** What the path names, for instance {@code request_id}. */
  Map<String, String> parameters();

  /** Its work in traces. */
  Span span();

  /** Where it has an answer up to that it asks for again: {@code attempt.seq}. */
  Optional<String> lastEventId();

  /** The event loop on which answers are written. */
  Context context();

  /**
   * Where the answer goes.
   *
   * @param resume whether the chunks of an earlier request are asked for
   */
  AnswerSink sink(Map<String, Object> request, boolean resume);

  /** Tells the id of the request before anything else. */
  void requestId(String id);

  /** Answers with the body that a route has left, and the status that it has set. */
  void body(Exchange exchange);

  void problem(HttpProblem problem);

  /** Calls where it goes away before it has its answer. */
  void onDisconnect(Runnable action);

  /** Calls when it has its answer, or has gone away. */
  void onClose(Runnable action);
}
